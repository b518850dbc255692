package io.github.cpsample.diffusion;

/**
 * The coefficients of one DDIM move from noise level abar to noise level abar': {@code x' =
 * sqrt(abar') x_0 + sqrt(1 - abar' - sigma^2) epsilon + sigma z}, {@code sigma = eta
 * sqrt(variance)} (Song, Meng and Ermon 2021, equations 12 and 16).
 */
final class DdimTransition {
  final double timestep;
  final double abar;
  final double signal;
  final double direction;
  final double sigma;

  DdimTransition(double timestep, double abar, double nextAbar, double eta) {
    this.timestep = timestep;
    this.abar = abar;
    this.sigma = eta == 0 ? 0 : eta * Math.sqrt(variance(abar, nextAbar));
    this.signal = Math.sqrt(nextAbar);
    this.direction = Math.sqrt(Math.max(0, 1 - nextAbar - sigma * sigma));
  }

  /** {@code (1 - abar') / (1 - abar) (1 - abar / abar')}, the variance at eta = 1. */
  static double variance(double abar, double nextAbar) {
    return (1 - nextAbar) / (1 - abar) * (1 - abar / nextAbar);
  }
}
