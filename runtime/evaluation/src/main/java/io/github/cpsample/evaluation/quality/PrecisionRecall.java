package io.github.cpsample.evaluation.quality;

import io.github.cpsample.base.Checks;
import io.github.cpsample.image.NearestNeighbours;
import io.github.cpsample.image.Rows;
import java.util.stream.IntStream;

/**
 * Improved precision and recall (Kynkaanniemi et al. 2019). Around every vector of a set lies a
 * ball that reaches to its k-th nearest other vector of the set; the balls together are taken for
 * where the set's distribution lies. Compares every vector with every other one, in the common
 * pool; the result does not depend on the number of threads.
 *
 * @param precision the share of generated vectors within a ball of the real ones: are generated
 *     images like real ones?
 * @param recall the share of real vectors within a ball of the generated ones: are all kinds of
 *     real images generated?
 */
public record PrecisionRecall(double precision, double recall) {

  /** The k of the paper. */
  public static final int USUAL_NEIGHBOURS = 3;

  /** Partial sums above a square by more than this cannot round to its root. */
  private static final double SLACK = 1 + 1e-12;

  private static final int CHUNK = 64;

  /**
   * Compares two sets of feature vectors. They should be of one size, since larger sets have
   * smaller balls.
   *
   * @param real {@code [n1][d]}, at least k + 1 vectors, float32 as networks give them; not
   *     modified
   * @param generated {@code [n2][d]}, at least k + 1 vectors; not modified
   * @param neighbours k, at least 1
   * @return precision and recall
   * @throws IllegalArgumentException if a set is too small, ragged or not finite, or d differs
   */
  public static PrecisionRecall of(float[][] real, float[][] generated, int neighbours) {
    Checks.atLeast("neighbours", neighbours, 1);
    int dimension = Rows.requireFinite("real", real, neighbours + 1);
    int other = Rows.requireFinite("generated", generated, neighbours + 1);
    if (dimension != other) {
      throw new IllegalArgumentException(
          "expected features of one length, found " + dimension + " and " + other);
    }
    return new PrecisionRecall(
        covered(generated, real, radii(real, neighbours)),
        covered(real, generated, radii(generated, neighbours)));
  }

  /** The distance of each vector to its k-th nearest other one: itself is the nearest of k + 1. */
  private static double[] radii(float[][] rows, int neighbours) {
    return new NearestNeighbours(rows)
        .find(rows, neighbours + 1).stream()
            .mapToDouble(found -> found.get(neighbours).distance())
            .toArray();
  }

  /** The share of queries within a ball. */
  private static double covered(float[][] queries, float[][] centres, double[] radii) {
    long inside =
        IntStream.range(0, queries.length)
            .parallel()
            .filter(
                query ->
                    IntStream.range(0, centres.length)
                        .anyMatch(i -> within(queries[query], centres[i], radii[i])))
            .count();
    return (double) inside / queries.length;
  }

  private static boolean within(float[] query, float[] centre, double radius) {
    double limit = radius * radius * SLACK;
    double sum = 0;
    for (int from = 0; from < query.length && sum <= limit; from += CHUNK) {
      sum += squaredDistance(query, centre, from, Math.min(query.length, from + CHUNK));
    }
    return Math.sqrt(sum) <= radius;
  }

  /** Two sums side by side, so that not every addition waits for the one before. */
  private static double squaredDistance(float[] a, float[] b, int from, int to) {
    double even = 0;
    double odd = 0;
    int d = from;
    for (; d + 1 < to; d += 2) {
      double difference = (double) a[d] - b[d];
      double next = (double) a[d + 1] - b[d + 1];
      even += difference * difference;
      odd += next * next;
    }
    if (d < to) {
      double difference = (double) a[d] - b[d];
      even += difference * difference;
    }
    return even + odd;
  }
}
