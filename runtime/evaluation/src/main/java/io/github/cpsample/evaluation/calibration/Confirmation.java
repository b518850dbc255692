package io.github.cpsample.evaluation.calibration;

import io.github.cpsample.bundle.CalibrationEvidence;
import io.github.cpsample.evaluation.statistics.Bootstrap;
import io.github.cpsample.evaluation.statistics.Interval;
import io.github.cpsample.evaluation.statistics.ProportionLimit;
import java.io.IOException;
import java.util.Optional;

/**
 * Measures a chosen setting on a block of seeds of its own and on held-out images that no choice
 * was made on, in turns with unprotected images of the same seeds. Belongs to one thread.
 */
final class Confirmation {

  private static final int RESAMPLES = 200;
  private static final int FEW_RESAMPLES = 40;
  private static final int MANY_FEATURES = 128;

  private final BatchSampler sampler;
  private final QualityReference reference;
  private final int heldOutImages;
  private final CalibrationPlan plan;
  private final CalibrationProgress progress;

  /**
   * What a try came to.
   *
   * @param measured the numbers; empty if it was ended early
   * @param failure which bound was not met; empty if all were
   */
  record Try(Optional<CalibrationEvidence.Confirmation> measured, Optional<String> failure) {}

  Confirmation(
      BatchSampler sampler,
      QualityReference reference,
      int heldOutImages,
      CalibrationPlan plan,
      CalibrationProgress progress) {
    this.sampler = sampler;
    this.reference = reference;
    this.heldOutImages = heldOutImages;
    this.plan = plan;
    this.progress = progress;
  }

  /**
   * Measures a setting.
   *
   * @param number of the try, from 1, which has seeds of its own
   */
  Try of(Candidate candidate, int number) throws IOException, InterruptedException {
    progress.stage("confirming " + candidate.text() + " on " + plan.count() + " fresh seeds");
    Series without = new Series();
    Series with = new Series();
    long first = plan.confirmationSeed(number);
    while (with.size() < plan.count()) {
      boolean guardedFirst = with.batches().size() % 2 == 1;
      if (guardedFirst) {
        sample(Optional.of(candidate), with, first);
      }
      sample(Optional.empty(), without, first);
      if (!guardedFirst) {
        sample(Optional.of(candidate), with, first);
      }
      progress.images(with.size() + without.size(), 2L * plan.count());
      if (with.replicas() > plan.bounds().maxReplicas() * plan.count()) {
        return new Try(Optional.empty(), Optional.of(tooMany(with)));
      }
    }
    CalibrationEvidence.Confirmation measured = measured(without, with, first, number);
    return new Try(
        Optional.of(measured),
        Verdicts.failed(
            plan.bounds(),
            with.replicas(),
            with.size(),
            measured.qualityLoss().value(),
            measured.overhead().value()));
  }

  private void sample(Optional<Candidate> candidate, Series series, long first)
      throws IOException, InterruptedException {
    series.add(sampler.sample(candidate, Part.CONFIRMATION, first + series.size(), plan.batch()));
  }

  private String tooMany(Series with) {
    return "replicas: "
        + with.replicas()
        + " among the first "
        + with.size()
        + " images, allowed "
        + Verdicts.percent(plan.bounds().maxReplicas());
  }

  private CalibrationEvidence.Confirmation measured(
      Series without, Series with, long first, int number) {
    boolean large = with.images().get(0).features().size() > MANY_FEATURES;
    Bootstrap bootstrap =
        new Bootstrap(large ? FEW_RESAMPLES : RESAMPLES, CalibrationPlan.CONFIDENCE, plan.seed());
    double most = ProportionLimit.upper(with.replicas(), with.size(), plan.confidencePerTry());
    return new CalibrationEvidence.Confirmation(
        first,
        with.size(),
        heldOutImages,
        number,
        CalibrationPlan.CONFIDENCE,
        most <= plan.bounds().maxReplicas(),
        with.replicas(),
        most,
        without.replicas(),
        estimate(bootstrap.mean(with.heldOutDistances())),
        estimate(bootstrap.mean(without.heldOutDistances())),
        QualityLoss.frechet(reference, with, bootstrap).map(Confirmation::estimate).orElse(null),
        QualityLoss.frechet(reference, without, bootstrap).map(Confirmation::estimate).orElse(null),
        estimate(new QualityLoss(reference, without, with).interval(bootstrap)),
        estimate(Overhead.interval(without, with, bootstrap)),
        with.stepsGuarded());
  }

  private static CalibrationEvidence.Estimate estimate(Interval interval) {
    return new CalibrationEvidence.Estimate(interval.value(), interval.low(), interval.high());
  }
}
