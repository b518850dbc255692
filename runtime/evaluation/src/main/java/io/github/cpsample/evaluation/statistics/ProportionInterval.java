package io.github.cpsample.evaluation.statistics;

/**
 * An interval for a proportion.
 *
 * @param low in {@code [0, 1]}
 * @param high in {@code [low, 1]}
 */
public record ProportionInterval(double low, double high) {

  private static final double Z95 = 1.959963984540054;

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
    double n = trials;
    double p = successes / n;
    double z2 = Z95 * Z95;
    double centre = p + z2 / (2 * n);
    double spread = Z95 * Math.sqrt(p * (1 - p) / n + z2 / (4 * n * n));
    double scale = 1 + z2 / n;
    double low = successes == 0 ? 0 : Math.max(0, (centre - spread) / scale);
    double high = successes == trials ? 1 : Math.min(1, (centre + spread) / scale);
    return new ProportionInterval(low, high);
  }
}
