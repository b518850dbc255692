package io.github.cpsample.image;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Exact nearest neighbours in Euclidean distance, by comparing with every reference row.
 *
 * <p>All distances are computed in single precision first, block by block. The error of that is
 * bounded, so it tells for sure which rows cannot be among the nearest; the few others are compared
 * again in {@code double}, and only those distances are sorted and returned. Squares of differences
 * are summed, never {@code |a|^2 - 2ab + |b|^2}, which loses all its digits just where it matters,
 * at small distances. Blocks and queries are spread over the common pool; the result does not
 * depend on the number of threads. Immutable and thread-safe.
 */
public final class NearestNeighbours {

  /** Queries that go through all blocks together. */
  private static final int QUERIES = 16;

  private static final Comparator<Neighbour> ORDER =
      Comparator.comparingDouble(Neighbour::distance).thenComparingInt(Neighbour::index);

  private final RowBlocks reference;

  /**
   * Prepares a search.
   *
   * @param reference at least one row of finite values, all of one length; copied
   * @throws IllegalArgumentException if the rows are empty, ragged or not finite
   */
  public NearestNeighbours(float[][] reference) {
    this(blocks(reference));
  }

  /**
   * Prepares a search.
   *
   * @param reference at least one row; not copied, so add no more rows
   * @throws IllegalArgumentException if there is no row
   */
  public NearestNeighbours(RowBlocks reference) {
    if (reference.size() == 0) {
      throw new IllegalArgumentException("reference: expected at least 1 rows, found 0");
    }
    this.reference = reference;
  }

  private static RowBlocks blocks(float[][] rows) {
    RowBlocks blocks = new RowBlocks(Rows.requireFinite("reference", rows, 1));
    for (float[] row : rows) {
      blocks.add(row);
    }
    return blocks;
  }

  /**
   * The number of reference rows.
   *
   * @return at least 1
   */
  public int size() {
    return reference.size();
  }

  /**
   * One reference row.
   *
   * @param index from 0
   * @return a new array
   */
  public float[] row(int index) {
    return reference.row(index);
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
    if (count < 1 || count > size()) {
      throw new IllegalArgumentException(
          "count: expected 1 to " + size() + " neighbours, found " + count);
    }
    if (queries.length == 0) {
      return List.of();
    }
    int length = Rows.requireFinite("queries", queries, 1);
    if (length != reference.dimension()) {
      throw new IllegalArgumentException(
          "queries: expected rows of " + reference.dimension() + " values, found " + length);
    }
    List<List<Neighbour>> found = new ArrayList<>(queries.length);
    for (int first = 0; first < queries.length; first += QUERIES) {
      int end = Math.min(queries.length, first + QUERIES);
      found.addAll(findTogether(Arrays.copyOfRange(queries, first, end), count));
    }
    return found;
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
    return mean / Math.sqrt(reference.dimension());
  }

  private List<List<Neighbour>> findTogether(float[][] queries, int count) {
    float[][] rough = new float[queries.length][reference.blocks() * RowBlocks.ROWS];
    IntStream.range(0, reference.blocks())
        .parallel()
        .forEach(
            block -> {
              float[][] sums = new float[queries.length][reference.width(block)];
              reference.squaredDistances(block, queries, sums);
              for (int query = 0; query < queries.length; query++) {
                int at = block * RowBlocks.ROWS;
                System.arraycopy(sums[query], 0, rough[query], at, sums[query].length);
              }
            });
    return IntStream.range(0, queries.length)
        .parallel()
        .mapToObj(query -> exact(queries[query], rough[query], count))
        .toList();
  }

  private List<Neighbour> exact(float[] query, float[] rough, int count) {
    double limit = limit(rough, count);
    List<Neighbour> candidates = new ArrayList<>();
    for (int i = 0; i < size(); i++) {
      if (rough[i] <= limit) {
        candidates.add(new Neighbour(i, EuclideanDistance.between(query, reference.row(i))));
      }
    }
    return candidates.stream().sorted(ORDER).limit(count).toList();
  }

  /**
   * No rough distance above this belongs to one of the nearest rows. The true distances of the
   * {@code count} roughly nearest rows are at most {@code largest / (1 - e)}; a row that is as near
   * has a rough distance of at most {@code (1 + e)} times that. The last summand covers squares too
   * small for single precision.
   */
  private double limit(float[] rough, int count) {
    float[] nearest = new float[count];
    Arrays.fill(nearest, Float.POSITIVE_INFINITY);
    for (int i = 0; i < size(); i++) {
      float value = rough[i];
      if (value < nearest[count - 1]) {
        int place = count - 1;
        for (; place > 0 && nearest[place - 1] > value; place--) {
          nearest[place] = nearest[place - 1];
        }
        nearest[place] = value;
      }
    }
    double error = reference.relativeError();
    double tiny = 2.0 * reference.dimension() * Float.MIN_NORMAL;
    return error < 1
        ? nearest[count - 1] * (1 + error) / (1 - error) + tiny
        : Double.POSITIVE_INFINITY;
  }

  /**
   * A reference row near a query.
   *
   * @param index of the reference row
   * @param distance Euclidean, at least 0
   */
  public record Neighbour(int index, double distance) {}

  /** The Euclidean distance, summed in double precision. */
  public static final class EuclideanDistance {

    /** How many values are added before the sum is carried on; a multiple of 4. */
    private static final int CHUNK = 64;

    private EuclideanDistance() {}

    /**
     * The distance between two rows.
     *
     * @param a finite numbers; not modified
     * @param b as many; not modified
     * @return at least 0
     * @throws IllegalArgumentException if the lengths differ
     */
    public static double between(float[] a, float[] b) {
      if (a.length != b.length) {
        throw new IllegalArgumentException(
            "rows: expected two of one length, found "
                + a.length
                + " and "
                + b.length
                + " numbers");
      }
      double sum = 0;
      for (int from = 0; from < a.length; from += CHUNK) {
        sum += squared(a, b, from, Math.min(a.length, from + CHUNK));
      }
      return Math.sqrt(sum);
    }

    /** Four sums side by side, so that no addition waits for the one before. */
    private static double squared(float[] a, float[] b, int from, int to) {
      double sum0 = 0;
      double sum1 = 0;
      double sum2 = 0;
      double sum3 = 0;
      int i = from;
      for (; i + 3 < to; i += 4) {
        double difference0 = (double) a[i] - b[i];
        double difference1 = (double) a[i + 1] - b[i + 1];
        double difference2 = (double) a[i + 2] - b[i + 2];
        double difference3 = (double) a[i + 3] - b[i + 3];
        sum0 += difference0 * difference0;
        sum1 += difference1 * difference1;
        sum2 += difference2 * difference2;
        sum3 += difference3 * difference3;
      }
      for (; i < to; i++) {
        double difference = (double) a[i] - b[i];
        sum0 += difference * difference;
      }
      return (sum0 + sum1) + (sum2 + sum3);
    }
  }
}
