package io.github.cpsample.trainer.evaluation;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Exact nearest neighbours in Euclidean distance, by comparing with every reference row.
 *
 * <p>The reference is kept as blocks of {@value #BLOCK} rows, each block transposed, so that the
 * inner loop runs over independent sums and is vectorised; sums are {@code double}. Queries are
 * spread over the common pool; the result does not depend on the number of threads. Immutable and
 * thread-safe.
 */
public final class NearestNeighbours {

  private static final int BLOCK = 16;

  private final int size;
  private final int dimension;
  private final double[][] blocks;

  /**
   * Prepares a search.
   *
   * @param reference at least one row of finite values, all of one length; copied
   * @throws IllegalArgumentException if the rows are empty, ragged or not finite
   */
  public NearestNeighbours(float[][] reference) {
    dimension = Rows.requireFinite("reference", reference, 1);
    size = reference.length;
    blocks = new double[(size + BLOCK - 1) / BLOCK][dimension * BLOCK];
    for (int i = 0; i < size; i++) {
      double[] block = blocks[i / BLOCK];
      for (int d = 0; d < dimension; d++) {
        block[d * BLOCK + i % BLOCK] = reference[i][d];
      }
    }
  }

  /**
   * The number of reference rows.
   *
   * @return at least 1
   */
  public int size() {
    return size;
  }

  /**
   * The nearest reference rows of every query.
   *
   * @param queries rows of finite values, as long as the reference's; not modified
   * @param count how many neighbours, in {@code [1, size()]}
   * @return for every query its neighbours, nearest first, equal distances by index
   * @throws IllegalArgumentException if the rows do not fit or {@code count} is out of range
   */
  public List<List<Neighbour>> find(float[][] queries, int count) {
    if (count < 1 || count > size) {
      throw new IllegalArgumentException(
          "count: expected 1 to " + size + " neighbours, found " + count);
    }
    if (queries.length == 0) {
      return List.of();
    }
    int length = Rows.requireFinite("queries", queries, 1);
    if (length != dimension) {
      throw new IllegalArgumentException(
          "queries: expected rows of " + dimension + " values, found " + length);
    }
    return IntStream.range(0, queries.length)
        .parallel()
        .mapToObj(i -> nearest(queries[i], count))
        .toList();
  }

  /**
   * The mean over all queries of the root mean squared error to the nearest reference row: how far
   * a set of images is from another, in units of pixel values.
   *
   * @param queries at least one row, as in {@link #find}
   * @return at least 0
   * @throws IllegalArgumentException if there is no query or the rows do not fit
   */
  public double meanRmse(float[][] queries) {
    double mean =
        find(queries, 1).stream()
            .mapToDouble(found -> found.get(0).distance())
            .average()
            .orElseThrow(
                () -> new IllegalArgumentException("queries: expected at least 1 row, found none"));
    return mean / Math.sqrt(dimension);
  }

  private List<Neighbour> nearest(float[] query, int count) {
    double[] squared = squaredDistances(query);
    Neighbour[] best = new Neighbour[count];
    int filled = 0;
    for (int i = 0; i < size; i++) {
      if (filled == count && squared[i] >= best[count - 1].distance()) {
        continue;
      }
      int place = filled < count ? filled++ : count - 1;
      for (; place > 0 && best[place - 1].distance() > squared[i]; place--) {
        best[place] = best[place - 1];
      }
      best[place] = new Neighbour(i, squared[i]);
    }
    return Arrays.stream(best)
        .map(found -> new Neighbour(found.index(), Math.sqrt(found.distance())))
        .toList();
  }

  private double[] squaredDistances(float[] query) {
    double[] squared = new double[blocks.length * BLOCK];
    double[] sums = new double[BLOCK];
    for (int b = 0; b < blocks.length; b++) {
      Arrays.fill(sums, 0);
      addSquares(query, blocks[b], sums);
      System.arraycopy(sums, 0, squared, b * BLOCK, BLOCK);
    }
    return squared;
  }

  private static void addSquares(float[] query, double[] block, double[] sums) {
    for (int d = 0; d < query.length; d++) {
      double value = query[d];
      int row = d * BLOCK;
      for (int j = 0; j < BLOCK; j++) {
        double difference = block[row + j] - value;
        sums[j] += difference * difference;
      }
    }
  }
}
