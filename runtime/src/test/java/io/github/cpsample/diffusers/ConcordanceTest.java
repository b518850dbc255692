package io.github.cpsample.diffusers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import org.junit.jupiter.api.Test;

class ConcordanceTest {
  private static double of(double[] x, double[] y) {
    PredictionFit.Concordance concordance = new PredictionFit.Concordance();
    for (int i = 0; i < x.length; i++) {
      concordance.add(x[i], y[i]);
    }
    return concordance.value();
  }

  /** By hand: variances 2/3 and 8/3, covariance 4/3, means 2 apart. */
  @Test
  void aCorrelationOfOneIsLessWhereTheSizeDiffers() {
    double[] x = {1, 2, 3};
    assertEquals(1, of(x, x), 1e-12);
    assertEquals(4.0 / 11, of(x, new double[] {2, 4, 6}), 1e-12);
    assertEquals(-1, of(new double[] {-1, 0, 1}, new double[] {1, 0, -1}), 1e-12);
    assertEquals(0, of(new double[] {2, 2}, new double[] {2, 2}));
    assertTrue(Double.isNaN(of(x, new double[] {1, Double.NaN, 2})));
  }

  /** Of x and a x + b, both standard normal but for a and b: 2 a / (1 + a^2 + b^2). */
  @Test
  void manyPairsComeToTheClosedForm() {
    Random random = new Random(4);
    PredictionFit.Concordance concordance = new PredictionFit.Concordance();
    for (int i = 0; i < 200_000; i++) {
      double x = random.nextGaussian();
      concordance.add(x, 0.5 * x + 1);
    }
    assertEquals(1 / 2.25, concordance.value(), 0.005);
  }
}
