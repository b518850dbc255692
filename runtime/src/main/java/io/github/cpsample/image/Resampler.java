package io.github.cpsample.image;

/**
 * Weights that resize one axis: a bicubic kernel (a = -1/2), widened by the scale when shrinking,
 * so that every source pixel counts and nothing aliases. The same size gives back the same values.
 */
final class Resampler {
  private static final double SUPPORT = 2;

  private final int[] first;
  private final double[][] weights;

  Resampler(int from, int to) {
    first = new int[to];
    weights = new double[to][];
    double scale = (double) from / to;
    double widening = Math.max(1, scale);
    for (int i = 0; i < to; i++) {
      double center = (i + 0.5) * scale;
      int begin = Math.max(0, (int) Math.floor(center - SUPPORT * widening + 0.5));
      int end = Math.min(from, (int) Math.floor(center + SUPPORT * widening + 0.5));
      first[i] = begin;
      weights[i] = normalised(begin, end, center, widening);
    }
  }

  int first(int i) {
    return first[i];
  }

  double[] weights(int i) {
    return weights[i];
  }

  private static double[] normalised(int begin, int end, double center, double widening) {
    double[] result = new double[end - begin];
    double sum = 0;
    for (int k = 0; k < result.length; k++) {
      result[k] = bicubic((begin + k + 0.5 - center) / widening);
      sum += result[k];
    }
    for (int k = 0; k < result.length; k++) {
      result[k] /= sum;
    }
    return result;
  }

  /** Keys' cubic convolution kernel with a = -1/2. */
  private static double bicubic(double x) {
    double d = Math.abs(x);
    if (d < 1) {
      return (1.5 * d - 2.5) * d * d + 1;
    }
    return d < 2 ? ((-0.5 * d + 2.5) * d - 4) * d + 2 : 0;
  }
}
