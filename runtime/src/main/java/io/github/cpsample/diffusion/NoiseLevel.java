package io.github.cpsample.diffusion;

import io.github.cpsample.base.Checks;

/**
 * A noise level of the variance-preserving {@code x_t = signal x_0 + spread epsilon}, {@code
 * signal^2 + spread^2 = 1}, with the timestep at which the denoiser is called there, and how
 * guidance {@code g = s grad_{x_t} log p} enters what is computed at it: the score of x_t becomes
 * {@code score + g} (Dhariwal and Nichol 2021, algorithms 1 and 2), one shift, written for each
 * quantity that a sampler computes with. Immutable.
 */
public final class NoiseLevel {
  private final double timestep;
  private final double alphasCumprod;
  private final double signal;
  private final double spread;
  private final double sigma;

  private NoiseLevel(
      double timestep, double alphasCumprod, double signal, double spread, double sigma) {
    this.timestep = timestep;
    this.alphasCumprod = alphasCumprod;
    this.signal = signal;
    this.spread = spread;
    this.sigma = sigma;
  }

  /**
   * The level of a fraction of signal variance.
   *
   * @param timestep the original training timestep, may be fractional
   * @param alphasCumprod abar, in [0, 1]
   * @return the level
   * @throws IllegalArgumentException if abar is not in [0, 1]
   */
  public static NoiseLevel of(double timestep, double alphasCumprod) {
    Checks.argument(
        alphasCumprod >= 0 && alphasCumprod <= 1,
        "alphasCumprod",
        "a number in [0, 1]",
        alphasCumprod);
    double signal = Math.sqrt(alphasCumprod);
    double spread = Math.sqrt(1 - alphasCumprod);
    return new NoiseLevel(timestep, alphasCumprod, signal, spread, spread / signal);
  }

  /** The level of a {@code sigma = spread / signal}, at least 0. */
  static NoiseLevel ofSigma(double timestep, double sigma) {
    double signal = 1 / Math.sqrt(1 + sigma * sigma);
    return new NoiseLevel(timestep, 1 / (1 + sigma * sigma), signal, sigma * signal, sigma);
  }

  /**
   * The original training timestep.
   *
   * @return in [0, T - 1], may be fractional
   */
  public double timestep() {
    return timestep;
  }

  /**
   * The fraction of signal variance.
   *
   * @return abar, in [0, 1]
   */
  public double alphasCumprod() {
    return alphasCumprod;
  }

  /**
   * The factor of the image.
   *
   * @return sqrt(abar)
   */
  public double signal() {
    return signal;
  }

  /**
   * The factor of the noise.
   *
   * @return sqrt(1 - abar)
   */
  public double spread() {
    return spread;
  }

  /**
   * The factor of x_t in x_0 at a given noise, {@code d x_0 / d x_t} where the denoiser's own
   * derivative is left out.
   *
   * @return {@code 1 / sqrt(abar)}, 0 at abar 0, where x_t says nothing of the image
   */
  public double stateInSample() {
    return alphasCumprod == 0 ? 0 : 1 / signal;
  }

  /** The noise in units of the signal; infinite where abar is 0. */
  double sigma() {
    return sigma;
  }

  /** Half the logarithm of the signal-to-noise ratio; infinite at sigma 0. */
  double lambda() {
    return -Math.log(sigma);
  }

  /**
   * The factor of g in the noise: {@code epsilon' = epsilon - sqrt(1 - abar) g}, the {@code
   * condition_score} of DDIM. Where x_0 is clipped, epsilon is derived anew from the clipped x_0
   * before it is shifted. At abar 0, x_t is pure noise and says nothing of the image: the exact
   * gradient of any log p is zero there, and nothing is shifted.
   *
   * @return {@code -sqrt(1 - abar)}, 0 at abar 0
   */
  public double guidanceInEpsilon() {
    return alphasCumprod == 0 ? 0 : -spread;
  }

  /**
   * The factor of g in the image: {@code x_0' = x_0 + (1 - abar) / sqrt(abar) g}. The result is not
   * clipped again: that would take the push away where it is strongest.
   *
   * @return {@code (1 - abar) / sqrt(abar)}, 0 at abar 0
   */
  public double guidanceInSample() {
    return alphasCumprod == 0 ? 0 : spread * spread / signal;
  }

  /**
   * The factor of g in the velocity: {@code v' = v - sqrt((1 - abar) / abar) g}.
   *
   * @return {@code -sqrt((1 - abar) / abar)}, 0 at abar 0
   */
  public double guidanceInVelocity() {
    return alphasCumprod == 0 ? 0 : -spread / signal;
  }

  @Override
  public String toString() {
    return "timestep " + timestep + ", alphasCumprod " + alphasCumprod;
  }
}
