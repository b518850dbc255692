package io.github.cpsample.evaluation.statistics;

import org.apache.commons.statistics.interval.BinomialConfidenceInterval;

/**
 * An interval for a proportion.
 *
 * @param low in {@code [0, 1]}
 * @param high in {@code [low, 1]}
 */
public record ProportionInterval(double low, double high) {

  private static final double ERROR_RATE = 0.05;

  /**
   * The score interval of Wilson (1927) at 95 %: sensible at 0 successes too, where 500 trials say
   * "below 0.8 %" and not "exactly 0". For p = k/n and z = 1.96 it is {@code (p + z^2/2n +- z
   * sqrt(p(1-p)/n + z^2/4n^2)) / (1 + z^2/n)}.
   *
   * @param successes k, in {@code [0, trials]}
   * @param trials n, at least 1
   * @return the interval, clipped to {@code [0, 1]}
   * @throws IllegalArgumentException if the counts are out of range
   */
  public static ProportionInterval wilson95(long successes, long trials) {
    if (trials < 1 || successes < 0 || successes > trials) {
      throw new IllegalArgumentException(
          "expected 0 <= successes <= trials and at least one trial, found "
              + successes
              + " of "
              + trials);
    }
    var wilson =
        BinomialConfidenceInterval.WILSON_SCORE.fromErrorRate(
            Math.toIntExact(trials), Math.toIntExact(successes), ERROR_RATE);
    return new ProportionInterval(
        successes == 0 ? 0 : wilson.getLowerBound(),
        successes == trials ? 1 : wilson.getUpperBound());
  }
}
