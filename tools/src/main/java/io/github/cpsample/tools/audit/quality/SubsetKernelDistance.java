package io.github.cpsample.tools.audit.quality;

import io.github.cpsample.trainer.evaluation.KernelDistance;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

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
   * Checks the numbers.
   *
   * @param subsets at least 1
   * @param subsetSize at least 2
   * @param seed any
   */
  public SubsetKernelDistance {
    if (subsets < 1 || subsetSize < 2) {
      throw new IllegalArgumentException(
          "subsets: expected at least 1, of at least 2 vectors, found "
              + subsets
              + " of "
              + subsetSize);
    }
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
    int size = Math.min(subsetSize, Math.min(first.length, second.length));
    Random random = new Random(seed);
    List<double[][]> pairs = new ArrayList<>(2 * subsets);
    for (int i = 0; i < subsets; i++) {
      pairs.add(draw(first, size, random));
      pairs.add(draw(second, size, random));
    }
    double[] distances = new double[subsets];
    Arrays.parallelSetAll(
        distances, i -> KernelDistance.between(pairs.get(2 * i), pairs.get(2 * i + 1)));
    double mean = Arrays.stream(distances).sum() / subsets;
    double squares = Arrays.stream(distances).map(x -> (x - mean) * (x - mean)).sum();
    return new Estimate(mean, subsets == 1 ? 0 : Math.sqrt(squares / (subsets - 1)));
  }

  /** The first part of a shuffle; the vectors themselves are shared. */
  private static double[][] draw(double[][] rows, int size, Random random) {
    double[][] shuffled = rows.clone();
    for (int i = 0; i < size; i++) {
      int other = i + random.nextInt(shuffled.length - i);
      double[] row = shuffled[other];
      shuffled[other] = shuffled[i];
      shuffled[i] = row;
    }
    return Arrays.copyOf(shuffled, size);
  }
}
