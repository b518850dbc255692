package io.github.cpsample.trainer.evaluation;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Exact nearest neighbours in Euclidean distance, by comparing with every reference row.
 *
 * <p>A comparison is given up as soon as its partial sum exceeds the distance of the worst
 * neighbour kept so far, which changes no result. Sums are {@code double}. Queries are spread over
 * the common pool; the result does not depend on the number of threads. Immutable and thread-safe.
 */
public final class NearestNeighbours {

  /** How many values are added between two looks at the bound; a multiple of 4. */
  private static final int CHUNK = 64;

  private final int dimension;
  private final float[][] reference;

  /**
   * Prepares a search.
   *
   * @param reference at least one row of finite values, all of one length; copied
   * @throws IllegalArgumentException if the rows are empty, ragged or not finite
   */
  public NearestNeighbours(float[][] reference) {
    dimension = Rows.requireFinite("reference", reference, 1);
    this.reference = Arrays.stream(reference).map(float[]::clone).toArray(float[][]::new);
  }

  /**
   * The number of reference rows.
   *
   * @return at least 1
   */
  public int size() {
    return reference.length;
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
    Neighbour[] best = new Neighbour[count];
    int filled = 0;
    for (int i = 0; i < reference.length; i++) {
      double bound = filled < count ? Double.POSITIVE_INFINITY : best[count - 1].distance();
      double squared = squaredDistance(query, reference[i], bound);
      if (squared >= bound) {
        continue;
      }
      int place = filled < count ? filled++ : count - 1;
      for (; place > 0 && best[place - 1].distance() > squared; place--) {
        best[place] = best[place - 1];
      }
      best[place] = new Neighbour(i, squared);
    }
    return Arrays.stream(best)
        .map(found -> new Neighbour(found.index(), Math.sqrt(found.distance())))
        .toList();
  }

  /** The squared distance, or any partial sum of it that reaches the bound. */
  private static double squaredDistance(float[] a, float[] b, double bound) {
    double sum = 0;
    for (int from = 0; from < a.length && sum < bound; from += CHUNK) {
      sum += squaredDistance(a, b, from, Math.min(a.length, from + CHUNK));
    }
    return sum;
  }

  /** Four sums side by side, so that no addition waits for the one before. */
  private static double squaredDistance(float[] a, float[] b, int from, int to) {
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
