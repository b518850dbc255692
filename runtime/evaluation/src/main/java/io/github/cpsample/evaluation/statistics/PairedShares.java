package io.github.cpsample.evaluation.statistics;

import java.util.stream.IntStream;

/**
 * The difference of two shares of the same things, such as of images of the same seeds.
 *
 * <p>Only things that count on one side alone tell the shares apart. Where there are few of them
 * resampling takes chance for a difference: 4 against none give an interval above 0, though a coin
 * falls like that in one of eight tries; and where there are none it gives an interval of no width.
 * So the interval is widened to hold the exact one given their number m: {@code m / n (2 p - 1)}
 * for the limits p of Clopper and Pearson (1934) of the share of the first side among them. It then
 * excludes 0 only where the exact test of McNemar (1947) does. Where m is 0 it reaches to the limit
 * of a share of 0 of n on both sides.
 */
public final class PairedShares {

  private PairedShares() {}

  /**
   * The difference with its interval.
   *
   * @param first whether each thing counts on the first side, at least one
   * @param second the same on the second side, as many in the same order
   * @param bootstrap resamples the things; its level is that of the interval
   * @return the first share less the second, within [-1, 1]
   * @throws IllegalArgumentException if the numbers differ or there is none
   */
  public static Interval difference(boolean[] first, boolean[] second, Bootstrap bootstrap) {
    Interval resampled = bootstrap.pairedDifference(numbers(first), numbers(second));
    int firstAlone = alone(first, second);
    int differing = firstAlone + alone(second, first);
    double confidence = (1 + bootstrap.level()) / 2;
    double low;
    double high;
    if (differing == 0) {
      high = ProportionLimit.upper(0, first.length, confidence);
      low = -high;
    } else {
      double share = (double) differing / first.length;
      low = share * (2 * ProportionLimit.lower(firstAlone, differing, confidence) - 1);
      high = share * (2 * ProportionLimit.upper(firstAlone, differing, confidence) - 1);
    }
    return new Interval(
        resampled.value(), Math.min(resampled.low(), low), Math.max(resampled.high(), high));
  }

  private static double[] numbers(boolean[] flags) {
    return IntStream.range(0, flags.length).mapToDouble(i -> flags[i] ? 1 : 0).toArray();
  }

  /** How many count on one side and not on the other. */
  private static int alone(boolean[] side, boolean[] other) {
    return (int) IntStream.range(0, side.length).filter(i -> side[i] && !other[i]).count();
  }
}
