package io.github.cpsample.evaluation.statistics;

import io.github.cpsample.base.Checks;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.BiFunction;
import java.util.stream.IntStream;
import org.apache.commons.statistics.distribution.TDistribution;

/**
 * Intervals for statistics that rows drawn twice would spoil, such as distances between sets and
 * neighbourhoods: each set in turn is replaced by random parts of it, drawn without replacement,
 * while a part of the other one stays as it is (subsampling, Politis and Romano 1994; the delete-d
 * jackknife, Shao and Wu 1989). A part of m out of n rows makes a statistic vary {@code (n - m) /
 * m} times as much as n rows drawn anew do, to first order; the variances of both sets, divided by
 * that, are added, and the interval is {@code value +- t sqrt(variance)} with Student's t.
 *
 * <p>The interval says how much the number would vary with other sets of the same sizes. It does
 * not say how far the number is from that of endless sets: a statistic that is too large for small
 * sets stays so, and its interval with it. Immutable and thread-safe; parts follow from the seed
 * alone, on every platform, and are computed in the common pool.
 *
 * @param draws parts of each set, at least 2
 * @param largest the largest part in rows, at least {@code least}
 * @param least the smallest part in rows that the statistic can do with, at least 1
 * @param level the share of intervals that hold the expected number, in (0, 1)
 * @param seed of the parts
 */
public record Subsampling(int draws, int largest, int least, double level, long seed) {

  public Subsampling {
    Checks.argument(
        draws >= 2 && least >= 1 && largest >= least && level > 0 && level < 1,
        "subsampling",
        "at least 2 draws of 1 <= least <= largest rows and a level in (0, 1)",
        draws + " draws of " + least + " to " + largest + " rows, level " + level);
  }

  /**
   * The intervals of several statistics of two sets.
   *
   * @param values the statistics of all rows
   * @param first rows of the first set, more than {@code least}
   * @param second rows of the second set, more than {@code least}
   * @param statistics of rows of both, given by their indices; as many as {@code values}; called by
   *     several threads at once
   * @return an interval for each
   * @throws IllegalArgumentException if a set is too small or a statistic is not finite
   */
  public List<Interval> ofTwoSets(
      double[] values, int first, int second, BiFunction<int[], int[], double[]> statistics) {
    int firstPart = part("first", first);
    int secondPart = part("second", second);
    Random random = new Random(seed);
    int[] fixedFirst = RandomRows.draw(random, first, firstPart);
    int[] fixedSecond = RandomRows.draw(random, second, secondPart);
    List<int[]> firstParts = parts(random, first, firstPart);
    List<int[]> secondParts = parts(random, second, secondPart);
    double[][] byFirst = new double[draws][];
    double[][] bySecond = new double[draws][];
    IntStream.range(0, 2 * draws)
        .parallel()
        .forEach(
            i -> {
              if (i < draws) {
                byFirst[i] = statistics.apply(firstParts.get(i), fixedSecond);
              } else {
                bySecond[i - draws] = statistics.apply(fixedFirst, secondParts.get(i - draws));
              }
            });
    double[] variances = new double[values.length];
    add(variances, byFirst, (double) firstPart / (first - firstPart));
    add(variances, bySecond, (double) secondPart / (second - secondPart));
    double t = TDistribution.of(draws - 1.0).inverseCumulativeProbability((1 + level) / 2);
    return IntStream.range(0, values.length)
        .mapToObj(k -> around(values[k], t * Math.sqrt(variances[k])))
        .toList();
  }

  /** Half of the rows, at most the largest part, at least the least, and never all. */
  private int part(String name, int rows) {
    Checks.argument(rows > least, name, "more than " + least + " rows", rows);
    return Math.max(least, Math.min(largest, rows / 2));
  }

  private List<int[]> parts(Random random, int rows, int size) {
    List<int[]> parts = new ArrayList<>();
    for (int i = 0; i < draws; i++) {
      parts.add(RandomRows.draw(random, rows, size));
    }
    return parts;
  }

  /** Adds the variance of every statistic times a factor. */
  private static void add(double[] variances, double[][] drawn, double factor) {
    for (int k = 0; k < variances.length; k++) {
      double mean = 0;
      for (double[] statistics : drawn) {
        mean += statistics[k] / drawn.length;
      }
      double squares = 0;
      for (double[] statistics : drawn) {
        squares += (statistics[k] - mean) * (statistics[k] - mean);
      }
      variances[k] += factor * squares / (drawn.length - 1);
    }
  }

  private static Interval around(double value, double width) {
    return new Interval(value, value - width, value + width);
  }
}
