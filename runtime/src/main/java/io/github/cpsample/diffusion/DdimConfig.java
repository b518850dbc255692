package io.github.cpsample.diffusion;

import java.util.Objects;

/**
 * The configuration of a DDIM trajectory.
 *
 * @param steps number of steps, in [1,T]
 * @param eta share of the ancestral noise, in [0,1]; 0 is deterministic
 * @param prediction what the denoiser predicts
 * @param spacing which timesteps are visited
 * @param stepsOffset added to the timesteps of leading spacing
 * @param clip whether the predicted clean sample is clipped to [-1,1]
 * @param rederiveEpsilon whether the noise is derived anew from the clipped sample, as
 *     guided-diffusion does; otherwise the unclipped prediction is kept, as diffusers does
 * @param setAlphaToOne whether the last step ends at abar = 1 instead of abar_0
 */
public record DdimConfig(
    int steps,
    double eta,
    PredictionType prediction,
    TimestepSpacing spacing,
    int stepsOffset,
    boolean clip,
    boolean rederiveEpsilon,
    boolean setAlphaToOne) {

  /**
   * Checks the ranges.
   *
   * @param steps number of steps
   * @param eta share of the ancestral noise
   * @param prediction what the denoiser predicts
   * @param spacing which timesteps are visited
   * @param stepsOffset added to the timesteps of leading spacing
   * @param clip whether the predicted sample is clipped
   * @param rederiveEpsilon whether the noise is derived anew
   * @param setAlphaToOne whether the last step ends at abar = 1
   */
  public DdimConfig {
    Objects.requireNonNull(prediction, "prediction");
    Objects.requireNonNull(spacing, "spacing");
    if (!(eta >= 0 && eta <= 1)) {
      throw new IllegalArgumentException("eta: expected a number in [0,1], found " + eta);
    }
  }

  /**
   * The usual configuration: leading spacing, clipping, noise derived anew.
   *
   * @param steps number of steps
   * @param eta share of the ancestral noise
   * @param prediction what the denoiser predicts
   * @return the configuration
   */
  public static DdimConfig of(int steps, double eta, PredictionType prediction) {
    return new DdimConfig(steps, eta, prediction, TimestepSpacing.LEADING, 0, true, true, true);
  }
}
