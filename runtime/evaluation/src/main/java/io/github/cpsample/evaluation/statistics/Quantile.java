package io.github.cpsample.evaluation.statistics;

import io.github.cpsample.base.Checks;
import org.apache.commons.statistics.descriptive.Quantile.EstimationMethod;

/** Quantiles of what was measured, by definition 7 of Hyndman and Fan (1996), NumPy's default. */
public final class Quantile {

  private static final org.apache.commons.statistics.descriptive.Quantile HYNDMAN_FAN_7 =
      org.apache.commons.statistics.descriptive.Quantile.withDefaults().with(EstimationMethod.HF7);

  private Quantile() {}

  /**
   * The quantile, interpolated linearly between the two values around {@code (n - 1) share}.
   *
   * @param ascending at least one value, none NaN; not modified
   * @param share in [0, 1]
   * @return between the first and the last value
   * @throws IllegalArgumentException if there is no value or the share is out of range
   */
  public static double ofSorted(double[] ascending, double share) {
    Checks.argument(ascending.length > 0, "quantile", "at least one value", "none");
    Checks.argument(share >= 0 && share <= 1, "share", "a number in [0, 1]", share);
    return HYNDMAN_FAN_7.evaluate(ascending.length, i -> ascending[i], share);
  }
}
