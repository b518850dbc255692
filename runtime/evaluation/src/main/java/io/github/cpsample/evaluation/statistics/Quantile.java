package io.github.cpsample.evaluation.statistics;

import io.github.cpsample.base.Checks;

/** Quantiles of what was measured, by definition 7 of Hyndman and Fan (1996), NumPy's default. */
public final class Quantile {

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
    double place = (ascending.length - 1) * share;
    int below = (int) place;
    double low = ascending[below];
    double high = ascending[Math.min(below + 1, ascending.length - 1)];
    double fraction = place - below;
    return fraction == 0 ? low : low + fraction * (high - low);
  }
}
