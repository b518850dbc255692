package io.github.cpsample.image;

/**
 * Weights that resize one axis: a bicubic kernel (a = -1/2), widened by the scale when shrinking,
 * so that every source pixel counts and nothing aliases; or a bilinear one. The same size gives
 * back the same values.
 */
final class Resampler {
  private static final double SUPPORT = 2;

  private final int[] first;
  private final double[][] weights;

  private Resampler(int[] first, double[][] weights) {
    this.first = first;
    this.weights = weights;
  }

  Resampler(int from, int to) {
    this(new int[to], new double[to][]);
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

  /** Linear between the two nearest pixel centres; at the edges the nearest one alone. */
  static Resampler bilinear(int from, int to) {
    Resampler result = new Resampler(new int[to], new double[to][]);
    double scale = (double) from / to;
    for (int i = 0; i < to; i++) {
      double place = Math.max(0, (i + 0.5) * scale - 0.5);
      int below = Math.min((int) place, from - 1);
      double share = below == from - 1 ? 0 : place - below;
      result.first[i] = below;
      result.weights[i] = share == 0 ? new double[] {1} : new double[] {1 - share, share};
    }
    return result;
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
