package io.github.cpsample.evaluation.calibration;

/** What images are sampled for: nothing is chosen on those that are reported on. */
public enum Part {
  /** Comparing settings. */
  TUNING,
  /** Measuring a chosen setting. */
  CONFIRMATION
}
