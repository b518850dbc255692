package io.github.cpsample.evaluation.statistics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.cpsample.evaluation.quality.FrechetDistance;
import io.github.cpsample.evaluation.quality.KernelDistance;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SubsamplingTest {

  private static double[] normal(Random random, int count, double mean, double deviation) {
    double[] values = new double[count];
    for (int i = 0; i < count; i++) {
      values[i] = mean + deviation * random.nextGaussian();
    }
    return values;
  }

  private static double mean(double[] values, int[] rows) {
    return Arrays.stream(rows).mapToDouble(row -> values[row]).average().orElseThrow();
  }

  private static double variance(double[] values) {
    double mean = Arrays.stream(values).average().orElseThrow();
    return Arrays.stream(values).map(x -> (x - mean) * (x - mean)).sum() / (values.length - 1);
  }

  /** For means the variance is known: s1^2 / n1 + s2^2 / n2, whatever the sizes of the parts. */
  @Test
  void theVarianceOfADifferenceOfMeansIsTheTextbookOne() {
    Random random = new Random(1);
    double[] first = normal(random, 300, 2, 1);
    double[] second = normal(random, 1000, 5, 3);
    double expected = 1.96 * Math.sqrt(variance(first) / 300 + variance(second) / 1000);
    for (int largest : new int[] {20, 100, 5000}) {
      Interval found =
          new Subsampling(4000, largest, 1, 0.95, 7)
              .ofTwoSets(
                  new double[] {-3},
                  first.length,
                  second.length,
                  (a, b) -> new double[] {mean(first, a) - mean(second, b)})
              .get(0);
      assertEquals(-3, found.value());
      assertEquals(expected, (found.high() - found.low()) / 2, 0.05 * expected, "up to " + largest);
      assertEquals(-3, (found.high() + found.low()) / 2, 1e-12);
    }
  }

  /**
   * Intervals of the Frechet distance and the kernel distance hold what sets of these sizes give on
   * average, about as often as they say; sets of normal vectors, 100 pairs of them.
   */
  @Test
  void intervalsOfDistancesHoldTheExpectedDistance() {
    int repetitions = 100;
    double[][][] firsts = new double[repetitions][][];
    double[][][] seconds = new double[repetitions][][];
    double[][] values = new double[2][repetitions];
    Random random = new Random(3);
    for (int i = 0; i < repetitions; i++) {
      firsts[i] = rows(random, 80, 0, 1);
      seconds[i] = rows(random, 150, 0.5, 1.3);
      double[] found = distances(firsts[i], all(80), seconds[i], all(150));
      values[0][i] = found[0];
      values[1][i] = found[1];
    }
    int[] covered = new int[2];
    for (int i = 0; i < repetitions; i++) {
      double[][] first = firsts[i];
      double[][] second = seconds[i];
      List<Interval> intervals =
          new Subsampling(40, 500, 4, 0.95, i)
              .ofTwoSets(
                  new double[] {values[0][i], values[1][i]},
                  80,
                  150,
                  (a, b) -> distances(first, a, second, b));
      for (int k = 0; k < 2; k++) {
        double expected = Arrays.stream(values[k]).average().orElseThrow();
        Interval interval = intervals.get(k);
        covered[k] += interval.low() <= expected && expected <= interval.high() ? 1 : 0;
      }
    }
    assertTrue(covered[0] >= 88 && covered[0] <= 100, "Frechet distance: " + covered[0] + " %");
    assertTrue(covered[1] >= 88 && covered[1] <= 100, "kernel distance: " + covered[1] + " %");
  }

  private static double[][] rows(Random random, int count, double mean, double deviation) {
    double[][] rows = new double[count][];
    for (int i = 0; i < count; i++) {
      rows[i] = normal(random, 3, mean, deviation);
    }
    return rows;
  }

  private static int[] all(int count) {
    return IntStream.range(0, count).toArray();
  }

  private static double[] distances(double[][] first, int[] a, double[][] second, int[] b) {
    double[][] x = Arrays.stream(a).mapToObj(i -> first[i]).toArray(double[][]::new);
    double[][] y = Arrays.stream(b).mapToObj(i -> second[i]).toArray(double[][]::new);
    return new double[] {FrechetDistance.between(x, y), KernelDistance.between(x, y)};
  }

  /** With a part of one row less, this is the jackknife: for a mean exactly s / sqrt(n). */
  @Test
  void partsHaveNoRowTwiceAndNeverAll() {
    new Subsampling(50, 9, 6, 0.95, 1)
        .ofTwoSets(
            new double[] {0},
            7,
            30,
            (a, b) -> {
              assertEquals(6, a.length);
              assertEquals(9, b.length);
              assertEquals(a.length, Arrays.stream(a).distinct().count());
              assertEquals(b.length, Arrays.stream(b).distinct().count());
              return new double[] {a[0]};
            });
  }

  @Test
  void theSeedDecides() {
    double[] values = normal(new Random(5), 50, 0, 1);
    Subsampling parts = new Subsampling(20, 500, 2, 0.9, 11);
    List<Interval> once = interval(parts, values);
    assertEquals(once, interval(parts, values));
    assertNotEquals(once, interval(new Subsampling(20, 500, 2, 0.9, 12), values));
  }

  private static List<Interval> interval(Subsampling parts, double[] values) {
    return parts.ofTwoSets(
        new double[] {1}, 50, 50, (a, b) -> new double[] {mean(values, a) * mean(values, b)});
  }

  @Test
  void whatCannotBeIsRefused() {
    assertThrows(IllegalArgumentException.class, () -> new Subsampling(1, 5, 2, 0.9, 0));
    assertThrows(IllegalArgumentException.class, () -> new Subsampling(5, 1, 2, 0.9, 0));
    assertThrows(IllegalArgumentException.class, () -> new Subsampling(5, 5, 2, 1, 0));
    Subsampling parts = new Subsampling(5, 5, 4, 0.9, 0);
    assertThrows(
        IllegalArgumentException.class,
        () -> parts.ofTwoSets(new double[] {0}, 4, 9, (a, b) -> new double[] {0}));
    assertThrows(
        IllegalArgumentException.class,
        () -> parts.ofTwoSets(new double[] {0}, 9, 9, (a, b) -> new double[] {Double.NaN}));
  }
}
