package io.github.cpsample.evaluation.judging;

import io.github.cpsample.image.FloatImage;
import io.github.cpsample.sampling.Progress;
import io.github.cpsample.sampling.ProtectedSampler;
import io.github.cpsample.sampling.SampleRequest;
import io.github.cpsample.sampling.SampleResult;

/**
 * Samples with and without protection from the same seeds and judges both.
 *
 * @param falseAlarmRate share of held-out images that would count as replicas
 * @param unprotectedSide without protection
 * @param protectedSide with protection
 */
public record ProtectionMeasurement(
    double falseAlarmRate, Side unprotectedSide, Side protectedSide) {

  /**
   * One side.
   *
   * @param result the images with their reports
   * @param verdict what the judge found
   */
  public record Side(SampleResult result, Judge.Verdict verdict) {

    /**
     * Samples and judges.
     *
     * @param sampler what samples
     * @param request how
     * @param judge who judges
     * @param progress is told how it goes
     * @return the side
     */
    public static Side of(
        ProtectedSampler sampler, SampleRequest request, Judge judge, Progress progress) {
      SampleResult result = sampler.sample(request, progress);
      float[][] rows = result.images().stream().map(FloatImage::values).toArray(float[][]::new);
      return new Side(result, judge.judge(rows));
    }

    /**
     * Share of images that replicate a training image.
     *
     * @return in [0,1]
     */
    public double replicaRate() {
      return verdict.replicas().rate();
    }

    /**
     * Wall-clock time per image.
     *
     * @return seconds
     */
    public double secondsPerImage() {
      return result.totals().seconds() / result.images().size();
    }

    /**
     * Share of all steps in which the image was guarded.
     *
     * @return in [0,1]
     */
    public double stepsGuarded() {
      long steps = result.reports().stream().mapToLong(r -> r.steps()).sum();
      return (double) result.reports().stream().mapToLong(r -> r.guardedSteps()).sum() / steps;
    }

    /**
     * Share of images that were guarded at least once.
     *
     * @return in [0,1]
     */
    public double imagesGuarded() {
      return (double) result.totals().imagesGuarded() / result.images().size();
    }
  }

  /**
   * Measures a model.
   *
   * @param sampler what samples; not owned
   * @param request how many images, seed, steps; protection is switched here
   * @param judge who judges
   * @param progress is told how either side goes
   * @return both sides
   */
  public static ProtectionMeasurement of(
      ProtectedSampler sampler, SampleRequest request, Judge judge, Progress progress) {
    Side without = Side.of(sampler, request.withProtection(false), judge, progress);
    Side with = Side.of(sampler, request.withProtection(true), judge, progress);
    return new ProtectionMeasurement(judge.falseAlarmRate(), without, with);
  }
}
