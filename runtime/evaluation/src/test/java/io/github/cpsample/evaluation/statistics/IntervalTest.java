package io.github.cpsample.evaluation.statistics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

/** Intervals, with quantiles of the normal distribution from tables. */
class IntervalTest {

  @Test
  void amongSeveralItIsAsWideAsTheNormalQuantileOfTheSharedError() {
    Interval alone = new Interval(0.8, 0.7, 0.86);
    assertEquals(alone, alone.amongSeveral(1));
    Interval amongFive = alone.amongSeveral(5);
    double factor = 2.575829 / 1.959964;
    assertEquals(0.8, amongFive.value(), 0);
    assertEquals(0.8 - 0.1 * factor, amongFive.low(), 1e-6);
    assertEquals(0.8 + 0.06 * factor, amongFive.high(), 1e-6);
  }

  @Test
  void itIsCutOffAtWhatIsPossible() {
    assertEquals(new Interval(0.9, 0.8, 1), new Interval(0.9, 0.8, 1.2).within(0, 1));
    assertEquals(new Interval(0.1, 0, 0.3), new Interval(0.1, -0.1, 0.3).within(0, 1));
  }

  @Test
  void whatIsNoIntervalIsRefused() {
    assertThrows(IllegalArgumentException.class, () -> new Interval(Double.NaN, 0, 1));
    assertThrows(IllegalArgumentException.class, () -> new Interval(0, Double.NaN, 1));
    assertThrows(IllegalArgumentException.class, () -> new Interval(0, 1, 0));
  }
}
