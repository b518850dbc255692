package io.github.cpsample.evaluation.statistics;

import io.github.cpsample.base.Checks;
import org.apache.commons.statistics.distribution.NormalDistribution;

/**
 * An interval for a number, with the number itself.
 *
 * @param value what was measured
 * @param low the lower end
 * @param high the upper end, at least {@code low}; the value may lie outside, where the statistic
 *     is biased
 */
public record Interval(double value, double low, double high) {

  private static final NormalDistribution STANDARD_NORMAL = NormalDistribution.of(0, 1);
  private static final double TAIL = 0.025;

  public Interval {
    Checks.argument(
        Double.isFinite(value) && low <= high && !Double.isInfinite(high - low),
        "interval",
        "a finite value and finite ends with low <= high",
        value + " in [" + low + ", " + high + "]");
  }

  /**
   * The interval cut off at what is possible.
   *
   * @param least the least possible number, at most the value
   * @param most the largest possible one, at least the value
   * @return a part of this interval that holds the value if this one does
   */
  public Interval within(double least, double most) {
    return new Interval(value, Math.max(least, low), Math.min(most, high));
  }

  /**
   * The same of what is left of 1: of an area under a curve, that of scores which are turned round.
   *
   * @return an interval for one less the number
   */
  public Interval lessThanOne() {
    return new Interval(1 - value, 1 - high, 1 - low);
  }

  /**
   * A 95 % interval as wide as it takes for several of them to hold at once with 95 %: the share of
   * error is divided by their number (Bonferroni), and both sides grow with the normal
   * distribution's quantiles.
   *
   * @param count how many intervals are looked at, at least 1
   * @return an interval that holds this one
   */
  public Interval amongSeveral(int count) {
    double factor =
        STANDARD_NORMAL.inverseSurvivalProbability(TAIL / count)
            / STANDARD_NORMAL.inverseSurvivalProbability(TAIL);
    return new Interval(value, value - factor * (value - low), value + factor * (high - value));
  }
}
