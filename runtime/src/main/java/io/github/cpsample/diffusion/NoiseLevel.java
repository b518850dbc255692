package io.github.cpsample.diffusion;

/**
 * A noise level of {@code x = alpha x_0 + spread epsilon} with {@code alpha^2 + spread^2 = 1},
 * named by {@code sigma = spread / alpha}, and the timestep at which the denoiser is called there.
 */
final class NoiseLevel {
  final double timestep;
  final double sigma;
  final double alpha;
  final double spread;

  /** Half the logarithm of the signal-to-noise ratio; infinite at sigma 0. */
  final double lambda;

  NoiseLevel(double timestep, double sigma) {
    this.timestep = timestep;
    this.sigma = sigma;
    this.alpha = 1 / Math.sqrt(1 + sigma * sigma);
    this.spread = sigma * alpha;
    this.lambda = -Math.log(sigma);
  }

  /** The fraction of signal variance. */
  double abar() {
    return 1 / (1 + sigma * sigma);
  }
}
