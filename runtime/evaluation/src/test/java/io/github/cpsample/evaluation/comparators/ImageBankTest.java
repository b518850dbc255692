package io.github.cpsample.evaluation.comparators;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.cpsample.diffusion.NormalStream;
import io.github.cpsample.diffusion.RandomMode;
import org.junit.jupiter.api.Test;

class ImageBankTest {

  /**
   * On a line at 0, 1, 10, 21: the first goes, since its l2 are 0.5, 5 and 10.5, and half of their
   * mean is 2.67. Then the second has 4.5 and 10, half of the mean 3.625, and stays; so do the
   * others.
   */
  @Test
  void nearDuplicatesGoOneByOneAgainstThoseThatAreLeft() {
    float[][] images = {{0}, {1}, {10}, {21}};
    ImageBank bank = ImageBank.deduplicated(images);
    assertEquals(3, bank.size());
    BankMatch match = new BankMatch(1);
    bank.compare(new float[] {0}, 0, 1, RandomMode.JAVA.open(1).initial(), match);
    assertEquals(0.5 / (0.5 * (0.5 + 5 + 10.5) / 3), match.similarity(), 1e-12, "0 itself is gone");
  }

  @Test
  void aBankOfCopiesIsRefused() {
    float[][] images = {{1, 1}, {1, 1}, {1, 1}};
    IllegalArgumentException e =
        assertThrows(IllegalArgumentException.class, () -> ImageBank.deduplicated(images));
    assertTrue(e.getMessage().contains("found 1 of 3"), e.getMessage());
  }

  @Test
  void everyComparisonNoisesTheBankAnew() {
    float[][] images = {{1, -1}, {-1, 1}};
    ImageBank bank = ImageBank.deduplicated(images);
    double abar = 0.36;
    float[] x = {0.3f, 0.2f};
    NormalStream stream = RandomMode.JAVA.open(5).initial();
    NormalStream same = RandomMode.JAVA.open(5).initial();
    BankMatch match = new BankMatch(2);
    double before = Double.NaN;
    for (int call = 0; call < 2; call++) {
      bank.compare(x, 0, abar, stream, match);
      double first = distance(x, images[0], same);
      double second = distance(x, images[1], same);
      double expected = Math.min(first, second) / (0.5 * (first + second) / 2);
      assertEquals(expected, match.similarity(), 1e-6);
      assertTrue(match.similarity() != before, "noise is fresh");
      before = match.similarity();
    }
  }

  /** With sqrt(abar) = 0.6 and sqrt(1 - abar) = 0.8; the scale cancels. */
  private static double distance(float[] x, float[] image, NormalStream noise) {
    float[] drawn = new float[2];
    noise.fill(drawn, 0, 2);
    return Math.hypot(
        x[0] - 0.6 * image[0] - 0.8 * drawn[0], x[1] - 0.6 * image[1] - 0.8 * drawn[1]);
  }
}
