package io.github.cpsample.similarity;

/** The Euclidean distance, summed in double precision. */
public final class EuclideanDistance {

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
          "rows: expected two of one length, found " + a.length + " and " + b.length + " numbers");
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
