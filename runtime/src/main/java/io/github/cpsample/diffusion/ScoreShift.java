package io.github.cpsample.diffusion;

/**
 * The one place where guidance g = s grad_x log p enters a sampler. The four forms say the same:
 * the score of x_t grows by g (Dhariwal and Nichol, 2021, arXiv 2105.05233, algorithms 1 and 2).
 *
 * <p>All formulas work on one element; abar is alphasCumprod at the sample's timestep, in (0,1).
 */
public final class ScoreShift {

  private ScoreShift() {}

  /**
   * eps' = eps - sqrt(1-abar) g.
   *
   * @param abar alphasCumprod
   * @param epsilon predicted noise
   * @param g guidance
   * @return shifted noise
   */
  public static double epsilon(double abar, double epsilon, double g) {
    return epsilon - Math.sqrt(1 - abar) * g;
  }

  /**
   * x0' = x0 + (1-abar) / sqrt(abar) g.
   *
   * @param abar alphasCumprod
   * @param sample predicted clean sample
   * @param g guidance
   * @return shifted clean sample, not clipped
   */
  public static double sample(double abar, double sample, double g) {
    return sample + (1 - abar) / Math.sqrt(abar) * g;
  }

  /**
   * v' = v - sqrt((1-abar) / abar) g.
   *
   * @param abar alphasCumprod
   * @param velocity predicted v
   * @param g guidance
   * @return shifted v
   */
  public static double velocity(double abar, double velocity, double g) {
    return velocity - Math.sqrt((1 - abar) / abar) * g;
  }

  /**
   * mu' = mu + Sigma g, the form of ancestral sampling.
   *
   * @param mean mean of the reverse step
   * @param variance its variance
   * @param g guidance
   * @return shifted mean
   */
  public static double mean(double mean, double variance, double g) {
    return mean + variance * g;
  }
}
