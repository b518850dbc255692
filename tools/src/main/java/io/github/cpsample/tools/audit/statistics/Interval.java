package io.github.cpsample.tools.audit.statistics;

/**
 * An interval for a number, with the number itself.
 *
 * @param value what was measured
 * @param low the lower end
 * @param high the upper end, at least {@code low}; the value may lie outside, where the statistic
 *     is biased
 */
public record Interval(double value, double low, double high) {

  /**
   * Checks the ends.
   *
   * @param value finite
   * @param low finite
   * @param high finite, at least {@code low}
   */
  public Interval {
    if (!Double.isFinite(value) || !(low <= high) || Double.isInfinite(high - low)) {
      throw new IllegalArgumentException(
          "interval: expected a finite value and finite ends with low <= high, found "
              + value
              + " in ["
              + low
              + ", "
              + high
              + "]");
    }
  }
}
