package io.github.cpsample.evaluation.statistics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class BootstrapTest {

  private static final double ROUNDING = 1e-12;

  @Test
  void theMeansIntervalIsThatOfTheNormalApproximation() {
    Random random = new Random(1);
    double[] values = random.doubles(400).map(x -> 3 + 2 * x).toArray();
    Interval interval = new Bootstrap(20_000, 0.95, 7).mean(values);
    double mean = Arrays.stream(values).average().orElseThrow();
    double variance = Arrays.stream(values).map(x -> (x - mean) * (x - mean)).sum() / 400;
    double error = Math.sqrt(variance / 400);
    assertEquals(mean, interval.value(), ROUNDING);
    // 20,000 resamples place a 2.5 % quantile within about 2 % of the standard error.
    assertEquals(mean - 1.96 * error, interval.low(), 0.08 * error);
    assertEquals(mean + 1.96 * error, interval.high(), 0.08 * error);
  }

  @Test
  void aShareOfOneRowInTwoIsBinomial() {
    // Two rows, 0 and 1: resampled means are 0, 1/2, 1 with 1/4, 1/2, 1/4, so the middle 40 % is
    // all one half, and the middle 95 % all of [0, 1].
    double[] values = {0, 1};
    assertEquals(new Interval(0.5, 0.5, 0.5), new Bootstrap(1000, 0.4, 3).mean(values));
    assertEquals(new Interval(0.5, 0, 1), new Bootstrap(1000, 0.95, 3).mean(values));
  }

  @Test
  void whatTwoMeasurementsHaveInCommonCancels() {
    Random random = new Random(2);
    double[] first = random.doubles(100).map(x -> 1000 * x).toArray();
    double[] second = Arrays.stream(first).map(x -> x - 2).toArray();
    Interval paired = Bootstrap.usual(1).pairedDifference(first, second);
    assertEquals(2, paired.value(), 1e-10);
    assertEquals(2, paired.low(), 1e-10);
    assertEquals(2, paired.high(), 1e-10);
    assertTrue(Bootstrap.usual(1).mean(first).high() - Bootstrap.usual(1).mean(first).low() > 50);
  }

  @Test
  void twoSamplesAreResampledApart() {
    double[] first = {0, 1};
    double[] second = {0, 1};
    Interval interval =
        new Bootstrap(1000, 0.95, 5)
            .ofTwoSamples(2, 2, (a, b) -> first[a[0]] + first[a[1]] - second[b[0]] - second[b[1]]);
    // All from -2 to 2 happens, each end in one of 16.
    assertEquals(new Interval(0, -2, 2), interval);
  }

  @Test
  void severalStatisticsShareTheirResamples() {
    double[] values = new Random(4).doubles(30).toArray();
    Bootstrap usual = Bootstrap.usual(5);
    List<Interval> both =
        usual.severalOfTwoSamples(30, 2, (a, b) -> new double[] {values[a[0]], values[a[0]] + 10});
    assertEquals(both.get(0).low() + 10, both.get(1).low(), ROUNDING);
    assertEquals(both.get(0).high() + 10, both.get(1).high(), ROUNDING);
    assertEquals(both.get(0), usual.ofTwoSamples(30, 2, (a, b) -> values[a[0]]));
  }

  @Test
  void theSeedDecides() {
    double[] values = new Random(3).doubles(50).toArray();
    assertEquals(Bootstrap.usual(1).mean(values), Bootstrap.usual(1).mean(values));
    assertNotEquals(Bootstrap.usual(1).mean(values), Bootstrap.usual(2).mean(values));
  }

  @Test
  void quantilesInterpolate() {
    double[] ascending = {1, 2, 4, 8};
    assertEquals(1, Quantile.ofSorted(ascending, 0), 0);
    assertEquals(3, Quantile.ofSorted(ascending, 0.5), ROUNDING);
    assertEquals(6, Quantile.ofSorted(ascending, 2.5 / 3), ROUNDING);
    assertEquals(8, Quantile.ofSorted(ascending, 1), 0);
    assertThrows(IllegalArgumentException.class, () -> Quantile.ofSorted(ascending, 1.1));
    assertThrows(IllegalArgumentException.class, () -> Quantile.ofSorted(ascending, Double.NaN));
    assertThrows(IllegalArgumentException.class, () -> Quantile.ofSorted(new double[0], 0.5));
  }

  @Test
  void refusesWhatMakesNoInterval() {
    Bootstrap usual = Bootstrap.usual(1);
    assertThrows(IllegalArgumentException.class, () -> new Bootstrap(39, 0.95, 1));
    assertEquals(40, new Bootstrap(40, 0.95, 1).resamples());
    assertThrows(IllegalArgumentException.class, () -> new Bootstrap(1000, 1, 1));
    assertThrows(IllegalArgumentException.class, () -> usual.mean(new double[0]));
    assertThrows(IllegalArgumentException.class, () -> usual.mean(new double[] {1, Double.NaN}));
    assertThrows(
        IllegalArgumentException.class,
        () -> usual.pairedDifference(new double[] {1, 2}, new double[] {1}));
    assertThrows(IllegalArgumentException.class, () -> new Interval(Double.NaN, 0, 1));
    assertThrows(IllegalArgumentException.class, () -> new Interval(0, 1, 0));
  }
}
