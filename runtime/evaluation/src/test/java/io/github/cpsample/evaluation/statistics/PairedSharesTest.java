package io.github.cpsample.evaluation.statistics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class PairedSharesTest {

  private static final Bootstrap BOOTSTRAP = Bootstrap.usual(3);

  /** Two-sided exact p of m to 0 is 2 / 2^m: 0.125, 0.0625 and 0.03125 for 4, 5 and 6. */
  @Test
  void fewDifferencesShowNothing() {
    assertTrue(BOOTSTRAP.pairedDifference(ones(4, 2000), new double[2000]).low() > 0);
    assertTrue(difference(4, 0, 2000).low() < 0);
    assertTrue(difference(5, 0, 2000).low() < 0);
    assertTrue(difference(6, 0, 2000).low() > 0);
    assertTrue(difference(0, 5, 2000).high() > 0);
    assertTrue(difference(0, 6, 2000).high() < 0);
  }

  /** Of three to none p is at least 0.025^(1/3) = 0.2924, and 2 p - 1 = -0.4152. */
  @Test
  void threeOfThreeShowNothing() {
    Interval all = difference(3, 0, 3);
    assertEquals(1, all.value());
    assertEquals(-0.4152, all.low(), 1e-4);
    assertEquals(1, all.high());
  }

  /** 1 - 0.025^(1/200) = 0.018275. */
  @Test
  void noDifferenceIsNotCertainty() {
    Interval none = difference(0, 0, 200);
    assertEquals(0, none.value());
    assertEquals(0.018275, none.high(), 1e-6);
    assertEquals(-0.018275, none.low(), 1e-6);
  }

  @Test
  void manyDifferencesAreResampled() {
    Interval many = difference(98, 0, 200);
    assertEquals(BOOTSTRAP.pairedDifference(ones(98, 200), new double[200]).high(), many.high());
    assertTrue(many.low() > 0.4 && many.low() < many.value());
  }

  @Test
  void sidesHaveToBeAsLong() {
    assertThrows(
        IllegalArgumentException.class,
        () -> PairedShares.difference(new boolean[2], new boolean[3], BOOTSTRAP));
  }

  /** Some things count on the first side alone, others on the second, the rest on neither. */
  private static Interval difference(int first, int second, int all) {
    boolean[] one = new boolean[all];
    boolean[] other = new boolean[all];
    for (int i = 0; i < first + second; i++) {
      one[i] = i < first;
      other[i] = i >= first;
    }
    return PairedShares.difference(one, other, BOOTSTRAP);
  }

  private static double[] ones(int count, int all) {
    double[] values = new double[all];
    java.util.Arrays.fill(values, 0, count, 1);
    return values;
  }
}
