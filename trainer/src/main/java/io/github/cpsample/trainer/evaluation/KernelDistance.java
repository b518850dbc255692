package io.github.cpsample.trainer.evaluation;

import io.github.cpsample.similarity.Rows;

/**
 * The kernel distance of Binkowski et al., <i>Demystifying MMD GANs</i>, ICLR 2018: the unbiased
 * estimate of the squared maximum mean discrepancy with {@code k(x, y) = (x.y/d + 1)^3}, over all
 * vectors of both sets. Unbiased at any number of images, hence to be preferred to {@link
 * FrechetDistance} for small sets; may be negative.
 */
public final class KernelDistance {

  private KernelDistance() {}

  /**
   * The distance between two sets of feature vectors.
   *
   * @param first {@code [m][d]}, at least two vectors; not modified
   * @param second {@code [n][d]}, at least two vectors; not modified
   * @return {@code sum_{i!=j} k(x_i,x_j)/(m(m-1)) + sum_{i!=j} k(y_i,y_j)/(n(n-1)) - 2 sum
   *     k(x_i,y_j)/(mn)}
   * @throws IllegalArgumentException if a set is too small, ragged or not finite, or d differs
   */
  public static double between(double[][] first, double[][] second) {
    int dimension = Rows.requireFinite("first", first, 2);
    int other = Rows.requireFinite("second", second, 2);
    if (dimension != other) {
      throw new IllegalArgumentException(
          "expected features of one length, found " + dimension + " and " + other);
    }
    return meanWithin(first) + meanWithin(second) - 2 * meanAcross(first, second);
  }

  private static double meanWithin(double[][] rows) {
    double sum = 0;
    for (int i = 0; i < rows.length; i++) {
      for (int j = 0; j < i; j++) {
        sum += kernel(rows[i], rows[j]);
      }
    }
    return 2 * sum / ((double) rows.length * (rows.length - 1));
  }

  private static double meanAcross(double[][] first, double[][] second) {
    double sum = 0;
    for (double[] x : first) {
      for (double[] y : second) {
        sum += kernel(x, y);
      }
    }
    return sum / ((double) first.length * second.length);
  }

  private static double kernel(double[] x, double[] y) {
    double dot = 0;
    for (int d = 0; d < x.length; d++) {
      dot += x[d] * y[d];
    }
    double base = dot / x.length + 1;
    return base * base * base;
  }
}
