package io.github.cpsample.protection;

/**
 * How guidance {@code g = s grad_{x_t} log p} enters a step at one noise level: the score of x_t
 * becomes {@code score + g} (Dhariwal and Nichol 2021, algorithms 1 and 2). One shift, written for
 * each quantity that a sampler computes with; all forms move the sample identically. Nothing else
 * in the library adds guidance to a sample. Immutable.
 */
public final class ScoreShift {
  private final double ofEpsilon;
  private final double ofSample;
  private final double ofVelocity;

  private ScoreShift(double abar) {
    this.ofEpsilon = abar == 0 ? 0 : -Math.sqrt(1 - abar);
    this.ofSample = abar == 0 ? 0 : (1 - abar) / Math.sqrt(abar);
    this.ofVelocity = abar == 0 ? 0 : -Math.sqrt((1 - abar) / abar);
  }

  /**
   * The shift at a noise level. At 0, x_t is pure noise and says nothing of the image: the exact
   * gradient of any log p is zero there, and nothing is shifted.
   *
   * @param alphasCumprod the fraction of signal variance of x_t, in [0, 1]
   * @return the shift
   */
  public static ScoreShift at(double alphasCumprod) {
    if (!(alphasCumprod >= 0 && alphasCumprod <= 1)) {
      throw new IllegalArgumentException(
          "alphasCumprod: expected a number in [0, 1], found " + alphasCumprod);
    }
    return new ScoreShift(alphasCumprod);
  }

  /**
   * {@code epsilon' = epsilon - sqrt(1 - abar) g}, the {@code condition_score} of DDIM. Where x_0
   * is clipped, epsilon is derived anew from the clipped x_0 before it is shifted.
   *
   * @param epsilon one value of the noise
   * @param guidance one value of g
   * @return the guided noise
   */
  public double epsilon(double epsilon, double guidance) {
    return epsilon + ofEpsilon * guidance;
  }

  /**
   * {@code x_0' = x_0 + (1 - abar) / sqrt(abar) g}. The result is not clipped again: that would
   * take the push away where it is strongest.
   *
   * @param sample one value of x_0, clipped before if the sampler clips
   * @param guidance one value of g
   * @return the guided image
   */
  public double sample(double sample, double guidance) {
    return sample + ofSample * guidance;
  }

  /**
   * {@code v' = v - sqrt((1 - abar) / abar) g}.
   *
   * @param velocity one value of v
   * @param guidance one value of g
   * @return the guided velocity
   */
  public double velocity(double velocity, double guidance) {
    return velocity + ofVelocity * guidance;
  }

  /**
   * {@code mu' = mu + Sigma g}, the {@code condition_mean} of DDPM; g is taken at x_t.
   *
   * @param mean one value of the model's mean of x_{t-1}
   * @param variance the model's variance Sigma
   * @param guidance one value of g
   * @return the guided mean
   */
  public static double mean(double mean, double variance, double guidance) {
    return mean + variance * guidance;
  }
}
