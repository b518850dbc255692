package io.github.cpsample.evaluation.statistics;

import io.github.cpsample.base.Checks;
import org.apache.commons.statistics.distribution.NormalDistribution;
import org.apache.commons.statistics.inference.AlternativeHypothesis;
import org.apache.commons.statistics.inference.TTest;

/**
 * Welch's test (1947) of whether the mean of a first sample is larger than that of a second, which
 * may have another variance: {@code t = (m1 - m2) / sqrt(v1/n1 + v2/n2)} with variances of divisor
 * n - 1.
 *
 * @param t the statistic, in units of its standard error
 * @param degreesOfFreedom by Welch and Satterthwaite
 * @param upperStudentP how likely a statistic of at least t is between equal means, by Student's
 *     distribution; small if the first mean is larger
 */
public record WelchTest(double t, double degreesOfFreedom, double upperStudentP) {

  private static final NormalDistribution STANDARD_NORMAL = NormalDistribution.of(0, 1);

  /**
   * Compares two samples.
   *
   * @param first at least two finite values; not modified
   * @param second at least two finite values; not modified
   * @return the test
   * @throws IllegalArgumentException if a sample is too small or not finite, or neither varies
   */
  public static WelchTest of(double[] first, double[] second) {
    requireVaried(first, second);
    TTest.Result result =
        TTest.withDefaults().with(AlternativeHypothesis.GREATER_THAN).test(first, second);
    return new WelchTest(result.getStatistic(), result.getDegreesOfFreedom(), result.getPValue());
  }

  /**
   * The same by the normal distribution, {@code 1 - Phi(t)}: so the p-values that the authors of
   * CPSample give (Kazdan et al. 2025) follow from their statistics.
   *
   * @return the one-sided p, in [0, 1]; small if the first mean is larger
   */
  public double upperNormalP() {
    return STANDARD_NORMAL.survivalProbability(t);
  }

  private static void requireVaried(double[] first, double[] second) {
    boolean firstVaries = varies("first", first);
    boolean secondVaries = varies("second", second);
    if (!firstVaries && !secondVaries) {
      throw new IllegalArgumentException(
          "samples: expected one that varies, found only " + first[0] + " and " + second[0]);
    }
  }

  private static boolean varies(String name, double[] values) {
    Checks.argument(values.length >= 2, name, "at least 2 values", values.length);
    boolean varies = false;
    for (double value : values) {
      if (!Double.isFinite(value)) {
        throw new IllegalArgumentException(name + ": expected finite values, found " + value);
      }
      varies |= value != values[0];
    }
    return varies;
  }
}
