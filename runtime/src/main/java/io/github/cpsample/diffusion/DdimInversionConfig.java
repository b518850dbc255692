package io.github.cpsample.diffusion;

import io.github.cpsample.base.Checks;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;

/**
 * Settings of DDIM inversion: the deterministic DDIM run backwards, from an image to the noise that
 * leads to it. Timesteps ascend, leading spacing; each step treats x as being at the level before
 * its timestep and moves it to the level of its timestep, at which the denoiser is called.
 *
 * @param steps the number of steps, at least 1
 * @param stepsOffset added to each timestep, at least 0
 * @param setAlphaToOne whether the image counts as clean, else as being at the level of timestep 0
 * @param clipping how the predicted image is clipped
 * @param clipSampleRange the predicted image is clipped to [-range, range]; finite and positive
 */
record DdimInversionConfig(
    int steps,
    int stepsOffset,
    boolean setAlphaToOne,
    DdimConfig.Clipping clipping,
    double clipSampleRange)
    implements SamplerConfig {

  /** The sampler's name. */
  public static final String KIND = "ddim-inverse";

  public DdimInversionConfig {
    DdimConfig.Clipping.requireRange(clipSampleRange);
    Objects.requireNonNull(clipping, "clipping");
    Checks.argument(
        steps >= 1 && stepsOffset >= 0,
        "steps and stepsOffset",
        "at least 1 and at least 0",
        steps + " and " + stepsOffset);
    Checks.argument(
        clipping != DdimConfig.Clipping.SAMPLE_AND_EPSILON,
        "clipping",
        "NONE or SAMPLE for DDIM inversion",
        clipping);
  }

  /**
   * Settings whose clipping, if any, is to [-1, 1].
   *
   * @param steps at least 1
   * @param stepsOffset at least 0
   * @param setAlphaToOne whether the image counts as clean
   * @param clipping {@link DdimConfig.Clipping#NONE} or {@link DdimConfig.Clipping#SAMPLE}
   */
  public DdimInversionConfig(
      int steps, int stepsOffset, boolean setAlphaToOne, DdimConfig.Clipping clipping) {
    this(steps, stepsOffset, setAlphaToOne, clipping, 1);
  }

  @Override
  public String kind() {
    return KIND;
  }

  @Override
  public Sampler create(NoiseSchedule schedule, PredictionType predictionType) {
    if (setAlphaToOne && predictionType == PredictionType.SAMPLE) {
      throw new IllegalArgumentException(
          "setAlphaToOne: expected false where the denoiser predicts the sample, found true; a"
              + " clean image holds no noise to divide by");
    }
    int[] timesteps =
        TimestepSpacing.LEADING.timesteps(schedule.trainTimesteps(), steps, stepsOffset);
    List<SamplerStep> plan = new ArrayList<>();
    SampleClipping bound = SampleClipping.toRange(clipSampleRange);
    for (int i = 0; i < timesteps.length; i++) {
      double target = schedule.alphasCumprod(timesteps[i]);
      double abar =
          i + 1 < timesteps.length ? schedule.alphasCumprod(timesteps[i + 1]) : start(schedule);
      NoiseLevel level = NoiseLevel.of(timesteps[i], abar);
      plan.add(
          DdimConfig.step(new DenoiserOutput(predictionType, bound, level), clipping, target, 0));
    }
    Collections.reverse(plan);
    return new Sampler(KIND, plan);
  }

  private double start(NoiseSchedule schedule) {
    return setAlphaToOne ? 1 : schedule.alphasCumprod(0);
  }
}
