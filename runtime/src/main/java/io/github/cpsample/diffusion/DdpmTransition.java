package io.github.cpsample.diffusion;

/**
 * The coefficients of one DDPM move from noise level abar to abar': {@code mu = sqrt(abar') beta /
 * (1 - abar) x_0 + sqrt(alpha) (1 - abar') / (1 - abar) x}, with {@code alpha = abar / abar' = 1 -
 * beta} (Ho, Jain and Abbeel 2020, equation 7). Noise is added at every timestep but 0, as the
 * diffusers library does: a plan that ends above timestep 0 with {@link DdpmVariance#FIXED_LARGE}
 * ends in a noisy image.
 */
final class DdpmTransition {
  final double timestep;
  final double abar;
  final double ofSample;
  final double ofState;
  final double variance;
  final double beta;
  final boolean addsNoise;

  DdpmTransition(double timestep, double abar, double nextAbar, double variance) {
    this.timestep = timestep;
    this.abar = abar;
    double alpha = abar / nextAbar;
    this.ofSample = Math.sqrt(nextAbar) * (1 - alpha) / (1 - abar);
    this.ofState = Math.sqrt(alpha) * (1 - nextAbar) / (1 - abar);
    this.variance = variance;
    this.beta = 1 - alpha;
    this.addsNoise = timestep > 0;
  }
}
