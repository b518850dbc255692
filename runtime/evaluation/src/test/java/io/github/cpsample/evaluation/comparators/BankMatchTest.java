package io.github.cpsample.evaluation.comparators;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class BankMatchTest {

  private static final double EXACT = 1e-12;

  /** l2 is 0.5, 1 and 1.5, so half of the mean is 0.5. */
  @Test
  void threeImagesByHand() {
    BankMatch match = new BankMatch(4);
    float[] x = {9, 0, 0, 0, 0};
    match.offer(x, 1, new float[] {0, 4, 0, 0});
    match.offer(x, 1, new float[] {2, 0, 0, 0});
    match.offer(x, 1, new float[] {0, 0, -6, 0});
    assertEquals(0.5, match.denominator(), EXACT);
    assertEquals(1, match.similarity(), EXACT);
    float[] gradient = {7, 7, 7, 7, 7};
    match.gradient(x, 1, 3, gradient);
    assertArrayEquals(new float[] {7, -1.5f, 0, 0, 0}, gradient, 1e-6f);
  }

  @Test
  void theMeanRunsOverTheFiftyNearest() {
    BankMatch match = new BankMatch(1);
    float[] x = {0};
    for (int i = 80; i >= 1; i--) {
      match.offer(x, 0, new float[] {2 * i});
    }
    assertEquals(0.5 * 25.5, match.denominator(), EXACT);
    assertEquals(1 / 12.75, match.similarity(), EXACT);
    match.clear();
    match.offer(x, 0, new float[] {2});
    match.offer(x, 0, new float[] {-6});
    assertEquals(1, match.similarity(), EXACT, "forgets what was before");
  }

  @Test
  void aCopyIsAtZeroAndIsNotPushed() {
    BankMatch match = new BankMatch(2);
    float[] x = {1, -1};
    match.offer(x, 0, new float[] {1, -1});
    match.offer(x, 0, new float[] {0, 0});
    assertEquals(0, match.similarity());
    float[] gradient = new float[2];
    match.gradient(x, 0, 5, gradient);
    assertArrayEquals(new float[] {0, 0}, gradient);
    match.clear();
    match.offer(x, 0, x);
    match.offer(x, 0, x);
    assertEquals(0, match.similarity(), "a bank of copies");
  }

  @Test
  void theGradientIsThatOfFiniteDifferencesWithTheDenominatorHeld() {
    Random random = new Random(3);
    float[][] bank = new float[7][];
    for (int i = 0; i < bank.length; i++) {
      bank[i] = image(random, 12);
    }
    float[] x = image(random, 12);
    BankMatch match = compare(bank, x);
    float[] gradient = new float[12];
    match.gradient(x, 0, 1, gradient);
    float step = 1f / 256;
    for (int i = 0; i < x.length; i++) {
      double up = least(bank, moved(x, i, step)) / match.denominator();
      double down = least(bank, moved(x, i, -step)) / match.denominator();
      double difference = (up - down) / (2 * step);
      assertEquals(difference, gradient[i], 1e-4);
    }
    double norm = Math.sqrt(square(gradient));
    double expected = 1 / (2 * Math.sqrt(12) * match.denominator());
    assertEquals(expected, norm, 1e-6, "its length, by which the strength is carried over");
    assertTrue(norm > 0);
  }

  private static BankMatch compare(float[][] bank, float[] x) {
    BankMatch match = new BankMatch(x.length);
    for (float[] image : bank) {
      match.offer(x, 0, image);
    }
    return match;
  }

  private static double least(float[][] bank, float[] x) {
    return Arrays.stream(bank).mapToDouble(image -> l2(x, image)).min().orElseThrow();
  }

  private static double l2(float[] a, float[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += Math.pow((double) a[i] - b[i], 2);
    }
    return Math.sqrt(sum / a.length) / 2;
  }

  private static double square(float[] values) {
    double sum = 0;
    for (float value : values) {
      sum += (double) value * value;
    }
    return sum;
  }

  private static float[] moved(float[] x, int index, float by) {
    float[] moved = x.clone();
    moved[index] += by;
    return moved;
  }

  private static float[] image(Random random, int size) {
    float[] image = new float[size];
    for (int i = 0; i < size; i++) {
      image[i] = 2 * random.nextFloat() - 1;
    }
    return image;
  }
}
