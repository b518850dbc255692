package io.github.cpsample.evaluation.quality;

import io.github.cpsample.image.Rows;

/**
 * The kernel distance of Binkowski et al., <i>Demystifying MMD GANs</i>, ICLR 2018: the unbiased
 * estimate of the squared maximum mean discrepancy with {@code k(x, y) = (x.y/d + 1)^3}, over all
 * vectors of both sets. Unbiased at any number of images, hence to be preferred to {@link
 * FrechetDistance} for small sets; may be negative.
 */
public final class KernelDistance {

  /** Rows that are multiplied with another one together. */
  private static final int TOGETHER = 4;

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
    double[] kernels = new double[TOGETHER];
    for (int from = 0; from < rows.length; from += TOGETHER) {
      int count = Math.min(TOGETHER, rows.length - from);
      for (int j = 0; j < from + count; j++) {
        kernels(rows, from, count, rows[j], kernels);
        for (int k = 0; k < count; k++) {
          sum += j < from + k ? kernels[k] : 0;
        }
      }
    }
    return 2 * sum / ((double) rows.length * (rows.length - 1));
  }

  private static double meanAcross(double[][] first, double[][] second) {
    double sum = 0;
    double[] kernels = new double[TOGETHER];
    for (int from = 0; from < first.length; from += TOGETHER) {
      int count = Math.min(TOGETHER, first.length - from);
      for (double[] y : second) {
        kernels(first, from, count, y, kernels);
        for (int k = 0; k < count; k++) {
          sum += kernels[k];
        }
      }
    }
    return sum / ((double) first.length * second.length);
  }

  /** The kernels of up to four rows with another one. */
  private static void kernels(
      double[][] rows, int from, int count, double[] other, double[] kernels) {
    if (count == TOGETHER) {
      dotFour(rows, from, other, kernels);
    } else {
      for (int k = 0; k < count; k++) {
        kernels[k] = dot(rows[from + k], other);
      }
    }
    for (int k = 0; k < count; k++) {
      double base = kernels[k] / other.length + 1;
      kernels[k] = base * base * base;
    }
  }

  /** Four sums side by side: none waits for another, and a value is loaded once for all. */
  private static void dotFour(double[][] rows, int from, double[] other, double[] dots) {
    double[] row0 = rows[from];
    double[] row1 = rows[from + 1];
    double[] row2 = rows[from + 2];
    double[] row3 = rows[from + 3];
    double dot0 = 0;
    double dot1 = 0;
    double dot2 = 0;
    double dot3 = 0;
    for (int d = 0; d < other.length; d++) {
      double value = other[d];
      dot0 += row0[d] * value;
      dot1 += row1[d] * value;
      dot2 += row2[d] * value;
      dot3 += row3[d] * value;
    }
    dots[0] = dot0;
    dots[1] = dot1;
    dots[2] = dot2;
    dots[3] = dot3;
  }

  private static double dot(double[] x, double[] y) {
    double dot = 0;
    for (int d = 0; d < x.length; d++) {
      dot += x[d] * y[d];
    }
    return dot;
  }
}
