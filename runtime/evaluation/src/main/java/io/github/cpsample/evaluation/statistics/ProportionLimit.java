package io.github.cpsample.evaluation.statistics;

import org.apache.commons.statistics.distribution.BetaDistribution;

/**
 * One-sided exact limits of a proportion (Clopper and Pearson 1934): the true share lies beyond a
 * limit in at most {@code 1 - confidence} of all cases, whatever it is. Where nothing was seen in n
 * trials the upper limit at 95 % is {@code 1 - 0.05^(1/n)}, about 3/n.
 */
public final class ProportionLimit {

  private ProportionLimit() {}

  /**
   * What the share is at most.
   *
   * @param hits k, in {@code [0, trials]}
   * @param trials n, at least 1
   * @param confidence of this limit alone, in (0, 1)
   * @return the quantile of {@code Beta(k + 1, n - k)} at the confidence; 1 if all were hits
   * @throws IllegalArgumentException if a number is out of range
   */
  public static double upper(long hits, long trials, double confidence) {
    require(hits, trials, confidence);
    return hits == trials
        ? 1
        : BetaDistribution.of(hits + 1.0, (double) trials - hits)
            .inverseCumulativeProbability(confidence);
  }

  /**
   * What the share is at least.
   *
   * @param hits k, in {@code [0, trials]}
   * @param trials n, at least 1
   * @param confidence of this limit alone, in (0, 1)
   * @return the quantile of {@code Beta(k, n - k + 1)} at one less the confidence; 0 without hits
   * @throws IllegalArgumentException if a number is out of range
   */
  public static double lower(long hits, long trials, double confidence) {
    require(hits, trials, confidence);
    return hits == 0
        ? 0
        : BetaDistribution.of((double) hits, trials - hits + 1.0)
            .inverseSurvivalProbability(confidence);
  }

  private static void require(long hits, long trials, double confidence) {
    if (trials < 1 || hits < 0 || hits > trials || !(confidence > 0 && confidence < 1)) {
      throw new IllegalArgumentException(
          "expected 0 <= hits <= trials, at least one trial and a confidence in (0, 1), found "
              + hits
              + " of "
              + trials
              + " at "
              + confidence);
    }
  }
}
