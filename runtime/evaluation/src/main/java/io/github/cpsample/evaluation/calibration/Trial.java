package io.github.cpsample.evaluation.calibration;

import io.github.cpsample.bundle.CalibrationEvidence;
import io.github.cpsample.evaluation.statistics.Bootstrap;
import io.github.cpsample.evaluation.statistics.ProportionLimit;
import io.github.cpsample.evaluation.statistics.Quantile;
import java.util.Arrays;
import java.util.Optional;

/** A setting and what its images have shown so far. Belongs to one thread. */
final class Trial {

  /** Replicas are too rare to rank by; the nearest images of many are not. */
  private static final double TAIL = 0.05;

  private static final Bootstrap POINT_INTERVALS = new Bootstrap(40, CalibrationPlan.CONFIDENCE, 1);

  private final Candidate candidate;
  private final Series series = new Series();
  private Optional<String> refuted = Optional.empty();
  private double loss;
  private double overhead;
  private double tailRatio;

  Trial(Candidate candidate) {
    this.candidate = candidate;
  }

  Candidate candidate() {
    return candidate;
  }

  Series series() {
    return series;
  }

  /** Measures what is compared with unprotected images of the same seeds. */
  void measure(QualityReference reference, Series unprotectedImages) {
    Series twins = unprotectedImages.first(series.size());
    loss = new QualityLoss(reference, twins, series).value();
    overhead = Overhead.of(twins, series);
    double[] ratios = series.ratios();
    Arrays.sort(ratios);
    tailRatio = Quantile.ofSorted(ratios, TAIL);
  }

  double loss() {
    return loss;
  }

  double overhead() {
    return overhead;
  }

  double replicaRate() {
    return (double) series.replicas() / series.size();
  }

  /** The fifth percentile of the images' ratios: how near the nearest images come. */
  double tailRatio() {
    return tailRatio;
  }

  /** Passes through the classifier per image, which cost time however fast the machine is. */
  double work() {
    return series.classifierRowsPerImage();
  }

  /** Whether what was measured meets all bounds. */
  boolean meets(CalibrationEvidence.Bounds bounds) {
    return failed(bounds).isEmpty();
  }

  /** The first bound that what was measured does not meet. */
  Optional<String> failed(CalibrationEvidence.Bounds bounds) {
    return Verdicts.failed(bounds, series.replicas(), series.size(), loss, overhead);
  }

  /** Whether so few replicas are no chance. */
  boolean shows(CalibrationEvidence.Bounds bounds) {
    return ProportionLimit.upper(series.replicas(), series.size(), CalibrationPlan.CONFIDENCE)
        <= bounds.maxReplicas();
  }

  /** Gives up the setting for good. */
  void refute(String reason) {
    refuted = Optional.of(reason);
  }

  boolean isRefuted() {
    return refuted.isPresent();
  }

  /** The setting as a point of the trade-off curve. */
  CalibrationEvidence.Point point(QualityReference reference, String verdict) {
    return new CalibrationEvidence.Point(
        candidate.bits(),
        candidate.settings(),
        series.size(),
        series.replicas(),
        QualityLoss.frechet(reference, series, POINT_INTERVALS)
            .map(it -> new CalibrationEvidence.Estimate(it.value(), it.low(), it.high()))
            .orElse(null),
        Arrays.stream(series.heldOutDistances()).average().orElseThrow(),
        loss,
        series.stepsGuarded(),
        overhead,
        refuted.orElse(verdict));
  }
}
