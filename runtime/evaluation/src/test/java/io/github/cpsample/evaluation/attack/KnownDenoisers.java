package io.github.cpsample.evaluation.attack;

import io.github.cpsample.diffusion.NoiseSchedule;

/** Denoisers whose noise is known exactly, for the schedule of {@link #levels}. */
final class KnownDenoisers {

  static final int TIMESTEPS = 1000;

  private KnownDenoisers() {}

  /** Linear betas from 1e-4 to 0.02 in double. */
  static SignalLevels levels() {
    double[] betas = new double[TIMESTEPS];
    for (int t = 0; t < TIMESTEPS; t++) {
      betas[t] = 1e-4 + (0.02 - 1e-4) * t / (TIMESTEPS - 1);
    }
    return SignalLevels.ofBetas(betas);
  }

  /** The same in float, as models have it. */
  static NoiseSchedule schedule() {
    return NoiseSchedule.linear(TIMESTEPS, 1e-4, 0.02);
  }

  /**
   * Pixels that are independent normal numbers of mean m and variance v: {@code eps = sqrt(1 -
   * abar) (x - sqrt(abar) m) / (abar v + 1 - abar)}.
   */
  static NoisePredictor gaussian(double mean, double variance) {
    SignalLevels levels = levels();
    return (images, rows, timestep) -> {
      double abar = levels.at((int) timestep);
      float[] epsilon = new float[images.length];
      for (int i = 0; i < images.length; i++) {
        epsilon[i] = (float) (slope(abar, variance) * (images[i] - Math.sqrt(abar) * mean));
      }
      return epsilon;
    };
  }

  /** How fast the noise of {@link #gaussian} grows with x. */
  static double slope(double abar, double variance) {
    return Math.sqrt(1 - abar) / (abar * variance + 1 - abar);
  }

  /**
   * A model that knows nothing but its training images: the image is their mean, weighted by {@code
   * exp(-|x - sqrt(abar) x_i|^2 / (2 (1 - abar)))}.
   */
  static NoisePredictor memorised(float[][] training) {
    SignalLevels levels = levels();
    return (images, rows, timestep) -> {
      double abar = levels.at((int) timestep);
      int size = images.length / rows;
      float[] epsilon = new float[images.length];
      for (int row = 0; row < rows; row++) {
        double[] clean = posteriorMean(training, images, row * size, abar);
        for (int d = 0; d < size; d++) {
          int i = row * size + d;
          epsilon[i] = (float) ((images[i] - Math.sqrt(abar) * clean[d]) / Math.sqrt(1 - abar));
        }
      }
      return epsilon;
    };
  }

  private static double[] posteriorMean(float[][] training, float[] images, int from, double abar) {
    double[] exponents = new double[training.length];
    double largest = Double.NEGATIVE_INFINITY;
    for (int n = 0; n < training.length; n++) {
      double squared = 0;
      for (int d = 0; d < training[n].length; d++) {
        squared += Math.pow(images[from + d] - Math.sqrt(abar) * training[n][d], 2);
      }
      exponents[n] = -squared / (2 * (1 - abar));
      largest = Math.max(largest, exponents[n]);
    }
    double total = 0;
    double[] mean = new double[training[0].length];
    for (int n = 0; n < training.length; n++) {
      double weight = Math.exp(exponents[n] - largest);
      total += weight;
      for (int d = 0; d < mean.length; d++) {
        mean[d] += weight * training[n][d];
      }
    }
    for (int d = 0; d < mean.length; d++) {
      mean[d] /= total;
    }
    return mean;
  }
}
