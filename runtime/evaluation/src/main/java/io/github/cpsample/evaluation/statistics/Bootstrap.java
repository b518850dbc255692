package io.github.cpsample.evaluation.statistics;

import io.github.cpsample.base.Checks;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.BiFunction;
import java.util.function.Supplier;
import java.util.function.ToDoubleBiFunction;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/**
 * Percentile intervals by resampling (Efron 1979): a statistic is computed anew from samples that
 * are drawn with replacement from what was measured, and the interval holds the middle of what it
 * gives. Resamples follow from the seed alone, on every platform. Immutable and thread-safe.
 *
 * <p>A resample holds some rows twice. Means, shares and areas under curves do not mind; distances
 * between sets of features do, and come out a little too large.
 *
 * @param resamples how many, at least {@code 2 / (1 - level)}, so that a tail holds one
 * @param level the share of resamples within the interval, in (0, 1)
 * @param seed of the resamples
 */
public record Bootstrap(int resamples, double level, long seed) {

  /** What is usual: 1000 resamples at 95 %. */
  private static final int USUAL_RESAMPLES = 1000;

  private static final double USUAL_LEVEL = 0.95;

  public Bootstrap {
    Checks.argument(level > 0 && level < 1, "level", "a number in (0, 1)", level);
    long least = Math.round(2 / (1 - level));
    Checks.argument(
        resamples >= least,
        "resamples",
        "at least " + least + " for the level " + level,
        resamples);
  }

  /**
   * 1000 resamples at 95 %.
   *
   * @param seed of the resamples
   * @return the settings
   */
  public static Bootstrap usual(long seed) {
    return new Bootstrap(USUAL_RESAMPLES, USUAL_LEVEL, seed);
  }

  /**
   * The interval of a statistic of one sample.
   *
   * @param count the number n of rows, at least 1
   * @param statistic of rows given by their indices in [0, n), in any number and order; the array
   *     is used again for the next resample
   * @return the statistic of all rows, and its interval
   * @throws IllegalArgumentException if there is no row or the statistic is not finite
   */
  public Interval ofRows(int count, ToDoubleFunction<int[]> statistic) {
    requireRows("rows", count);
    Random random = new Random(seed);
    int[] rows = new int[count];
    double[] value = {statistic.applyAsDouble(identity(count))};
    return intervals(
            value,
            () -> {
              draw(random, rows);
              return new double[] {statistic.applyAsDouble(rows)};
            })
        .get(0);
  }

  /**
   * The interval of a statistic of two samples that were drawn independently, such as the area
   * under a curve of members and others.
   *
   * @param first the number of rows of the first sample, at least 1
   * @param second the number of rows of the second sample, at least 1
   * @param statistic of rows of both, given by their indices; the arrays are used again for the
   *     next resample
   * @return the statistic of all rows, and its interval
   * @throws IllegalArgumentException if there is no row or the statistic is not finite
   */
  public Interval ofTwoSamples(int first, int second, ToDoubleBiFunction<int[], int[]> statistic) {
    return severalOfTwoSamples(
            first,
            second,
            (firstRows, secondRows) ->
                new double[] {statistic.applyAsDouble(firstRows, secondRows)})
        .get(0);
  }

  /**
   * The intervals of several statistics of two samples, all of the same resamples.
   *
   * @param first the number of rows of the first sample, at least 1
   * @param second the number of rows of the second sample, at least 1
   * @param statistics of rows of both, given by their indices, always as many; the arrays are used
   *     again for the next resample
   * @return for every statistic its value of all rows, and its interval
   * @throws IllegalArgumentException if there is no row or a statistic is not finite
   */
  public List<Interval> severalOfTwoSamples(
      int first, int second, BiFunction<int[], int[], double[]> statistics) {
    requireRows("first", first);
    requireRows("second", second);
    Random random = new Random(seed);
    int[] firstRows = new int[first];
    int[] secondRows = new int[second];
    double[] values = statistics.apply(identity(first), identity(second));
    return intervals(
        values,
        () -> {
          draw(random, firstRows);
          draw(random, secondRows);
          return statistics.apply(firstRows, secondRows);
        });
  }

  /**
   * The interval of the mean.
   *
   * @param values at least one; not modified
   * @return the mean and its interval
   * @throws IllegalArgumentException if there is none, or one is not finite
   */
  public Interval mean(double[] values) {
    return ofRows(values.length, rows -> mean(values, rows));
  }

  /**
   * The interval of the mean difference of two measurements of the same things, such as images of
   * the same seeds: both are resampled together, so that what they have in common cancels.
   *
   * @param first at least one; not modified
   * @param second as many, in the same order; not modified
   * @return the mean of {@code first - second}, and its interval
   * @throws IllegalArgumentException if the numbers differ, there is none, or one is not finite
   */
  public Interval pairedDifference(double[] first, double[] second) {
    Checks.argument(
        first.length == second.length,
        "paired difference",
        "two measurements of the same things",
        first.length + " and " + second.length + " values");
    return mean(IntStream.range(0, first.length).mapToDouble(i -> first[i] - second[i]).toArray());
  }

  private List<Interval> intervals(double[] values, Supplier<double[]> resample) {
    double[][] drawn = new double[values.length][resamples];
    for (int i = 0; i < resamples; i++) {
      double[] again = resample.get();
      for (int k = 0; k < values.length; k++) {
        if (!Double.isFinite(again[k])) {
          throw new IllegalArgumentException(
              "statistic: expected a finite number of every resample, found " + again[k]);
        }
        drawn[k][i] = again[k];
      }
    }
    double tail = (1 - level) / 2;
    List<Interval> intervals = new ArrayList<>();
    for (int k = 0; k < values.length; k++) {
      Arrays.sort(drawn[k]);
      intervals.add(
          new Interval(
              values[k], Quantile.ofSorted(drawn[k], tail), Quantile.ofSorted(drawn[k], 1 - tail)));
    }
    return intervals;
  }

  private static double mean(double[] values, int[] rows) {
    double sum = 0;
    for (int row : rows) {
      sum += values[row];
    }
    return sum / rows.length;
  }

  private static void draw(Random random, int[] rows) {
    for (int i = 0; i < rows.length; i++) {
      rows[i] = random.nextInt(rows.length);
    }
  }

  private static int[] identity(int count) {
    return IntStream.range(0, count).toArray();
  }

  private static void requireRows(String name, int count) {
    Checks.argument(count >= 1, name, "at least 1 row", count);
  }
}
