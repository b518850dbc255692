package io.github.cpsample.evaluation.quality;

import io.github.cpsample.base.Checks;
import io.github.cpsample.evaluation.statistics.RandomRows;
import io.github.cpsample.evaluation.statistics.RowSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.IntFunction;

/**
 * The kernel distance as clean-fid reports it (Parmar et al. 2022), known as KID: the mean of
 * {@link KernelDistance} over subsets, each drawn from both sets without replacement, of {@code m =
 * min(n1, n2, subsetSize)} vectors each. Costs {@code subsets * 2 m^2 d} multiplications, where all
 * vectors cost {@code (n1 + n2)^2 d / 2}. Subsets follow from the seed alone, on every platform;
 * they are computed in the common pool, and the result does not depend on the number of threads.
 * Immutable and thread-safe.
 *
 * @param subsets how many, at least 1
 * @param subsetSize the largest m, at least 2
 * @param seed of the subsets
 */
public record SubsetKernelDistance(int subsets, int subsetSize, long seed) {

  private static final int USUAL_SUBSETS = 100;
  private static final int USUAL_SIZE = 1000;

  /**
   * What was found.
   *
   * @param mean over the subsets: the estimate of the squared distance, without bias, so it may be
   *     negative
   * @param deviation the standard deviation of the subsets, with divisor {@code subsets - 1}; 0 for
   *     one subset. Subsets of small sets overlap, and the deviation is then too small to be read
   *     as an error
   */
  public record Estimate(double mean, double deviation) {}

  /**
   * Which vectors a subset has, in the order in which they are compared.
   *
   * @param first indices into the first set
   * @param second indices into the second set, as many
   */
  @SuppressWarnings("ArrayRecordComponent") // handed on, never compared
  public record Subset(int[] first, int[] second) {}

  public SubsetKernelDistance {
    Checks.argument(
        subsets >= 1 && subsetSize >= 2,
        "subsets",
        "at least 1, of at least 2 vectors",
        subsets + " of " + subsetSize);
  }

  /**
   * 100 subsets of up to 1000 vectors.
   *
   * @param seed of the subsets
   * @return the settings
   */
  public static SubsetKernelDistance usual(long seed) {
    return new SubsetKernelDistance(USUAL_SUBSETS, USUAL_SIZE, seed);
  }

  /**
   * The distance between two sets of feature vectors.
   *
   * @param first {@code [n1][d]}, at least two vectors; not modified
   * @param second {@code [n2][d]}, at least two vectors; not modified
   * @return mean and deviation over the subsets
   * @throws IllegalArgumentException if a set is too small, ragged or not finite, or d differs
   */
  public Estimate between(double[][] first, double[][] second) {
    return between(first.length, i -> first[i], second.length, i -> second[i]);
  }

  /**
   * The distance between two sets of feature vectors that need not be in memory: the vectors of as
   * many subsets are as there are threads.
   *
   * @param first at least two vectors
   * @param second at least two vectors
   * @return mean and deviation over the subsets
   * @throws IllegalArgumentException if a set is too small or not finite, or d differs
   */
  public Estimate between(RowSource first, RowSource second) {
    return between(first.size(), i -> row(first, i), second.size(), i -> row(second, i));
  }

  private Estimate between(
      int firstSize, IntFunction<double[]> first, int secondSize, IntFunction<double[]> second) {
    List<Subset> drawn = draw(firstSize, secondSize);
    double[] distances = new double[subsets];
    Arrays.parallelSetAll(
        distances,
        i ->
            KernelDistance.between(
                vectors(drawn.get(i).first(), first), vectors(drawn.get(i).second(), second)));
    return estimate(distances);
  }

  /**
   * Draws the subsets, for sets that are spread over machines.
   *
   * @param firstSize the number of vectors of the first set, at least 2
   * @param secondSize the number of vectors of the second set, at least 2
   * @return which vectors each subset has
   */
  public List<Subset> draw(int firstSize, int secondSize) {
    int size = Math.min(subsetSize, Math.min(firstSize, secondSize));
    Random random = new Random(seed);
    List<Subset> drawn = new ArrayList<>(subsets);
    for (int i = 0; i < subsets; i++) {
      int[] first = RandomRows.draw(random, firstSize, size);
      drawn.add(new Subset(first, RandomRows.draw(random, secondSize, size)));
    }
    return drawn;
  }

  /**
   * Puts the subsets' distances together.
   *
   * @param distances of all subsets that {@link #draw} gave, in their order; not modified
   * @return mean and deviation over the subsets
   * @throws IllegalArgumentException if there are not as many as there are subsets
   */
  public Estimate estimate(double[] distances) {
    if (distances.length != subsets) {
      throw new IllegalArgumentException(
          "distances: expected one for each of " + subsets + " subsets, found " + distances.length);
    }
    double mean = Arrays.stream(distances).sum() / subsets;
    double squares = Arrays.stream(distances).map(x -> (x - mean) * (x - mean)).sum();
    return new Estimate(mean, subsets == 1 ? 0 : Math.sqrt(squares / (subsets - 1)));
  }

  private static double[][] vectors(int[] rows, IntFunction<double[]> source) {
    return Arrays.stream(rows).mapToObj(source).toArray(double[][]::new);
  }

  private static double[] row(RowSource source, int index) {
    float[] row = new float[source.width()];
    source.read(index, row, 0);
    return FeatureRows.widened(row);
  }
}
