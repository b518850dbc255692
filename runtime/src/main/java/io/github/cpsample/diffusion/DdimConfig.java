package io.github.cpsample.diffusion;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * Settings of DDIM (Song, Meng and Ermon 2021).
 *
 * <p>Every step goes to the next timestep of the plan. The diffusers library moves by {@code T / n}
 * whatever the spacing, which is the same for leading spacing, and for trailing spacing where n
 * divides T, but calls the denoiser at a level that x is not at for linspace spacing.
 *
 * @param steps the number of steps, at least 1 and at most the training timesteps
 * @param eta the share of the DDPM's noise, in [0, 1]; 0 is deterministic
 * @param spacing how timesteps are chosen
 * @param stepsOffset added to timesteps of leading spacing, at least 0
 * @param setAlphaToOne whether the last step goes to a clean image, else to the level of timestep 0
 * @param clipping how the predicted image is clipped
 */
public record DdimConfig(
    int steps,
    double eta,
    TimestepSpacing spacing,
    int stepsOffset,
    boolean setAlphaToOne,
    DdimClipping clipping)
    implements SamplerConfig {

  /** The kind in manifests. */
  public static final String KIND = "ddim";

  /**
   * Checks the ranges.
   *
   * @param steps at least 1
   * @param eta in [0, 1]
   * @param spacing how timesteps are chosen
   * @param stepsOffset at least 0
   * @param setAlphaToOne whether the last step goes to a clean image
   * @param clipping how the predicted image is clipped
   */
  public DdimConfig {
    if (steps < 1) {
      throw new IllegalArgumentException("steps: expected at least 1, found " + steps);
    }
    if (!(eta >= 0 && eta <= 1)) {
      throw new IllegalArgumentException("eta: expected a number in [0, 1], found " + eta);
    }
    if (stepsOffset < 0) {
      throw new IllegalArgumentException("stepsOffset: expected at least 0, found " + stepsOffset);
    }
    Objects.requireNonNull(spacing, "spacing");
    Objects.requireNonNull(clipping, "clipping");
  }

  /**
   * Leading spacing without offset, ending at a clean image, predicted images clipped.
   *
   * @param steps the number of steps
   * @param eta in [0, 1]
   * @return the settings
   */
  public static DdimConfig of(int steps, double eta) {
    return new DdimConfig(steps, eta, TimestepSpacing.LEADING, 0, true, DdimClipping.SAMPLE);
  }

  /**
   * The same settings with another number of steps.
   *
   * @param newSteps at least 1
   * @return a copy
   */
  public DdimConfig withSteps(int newSteps) {
    return new DdimConfig(newSteps, eta, spacing, stepsOffset, setAlphaToOne, clipping);
  }

  /**
   * The same settings with another spacing.
   *
   * @param newSpacing how timesteps are chosen
   * @param newOffset added to timesteps of leading spacing
   * @return a copy
   */
  public DdimConfig withSpacing(TimestepSpacing newSpacing, int newOffset) {
    return new DdimConfig(steps, eta, newSpacing, newOffset, setAlphaToOne, clipping);
  }

  /**
   * The same settings with another end.
   *
   * @param toOne whether the last step goes to a clean image, else to the level of timestep 0
   * @return a copy
   */
  public DdimConfig withSetAlphaToOne(boolean toOne) {
    return new DdimConfig(steps, eta, spacing, stepsOffset, toOne, clipping);
  }

  /**
   * The same settings with another clipping.
   *
   * @param newClipping how the predicted image is clipped
   * @return a copy
   */
  public DdimConfig withClipping(DdimClipping newClipping) {
    return new DdimConfig(steps, eta, spacing, stepsOffset, setAlphaToOne, newClipping);
  }

  @Override
  public String kind() {
    return KIND;
  }

  @Override
  public Sampler create(NoiseSchedule schedule, PredictionType predictionType) {
    int[] timesteps = spacing.timesteps(schedule.trainTimesteps(), steps, stepsOffset);
    double end = setAlphaToOne ? 1 : schedule.alphasCumprod(0);
    List<SamplerStep> plan = new ArrayList<>();
    for (int i = 0; i < timesteps.length; i++) {
      double next = i + 1 < timesteps.length ? schedule.alphasCumprod(timesteps[i + 1]) : end;
      double abar = schedule.alphasCumprod(timesteps[i]);
      plan.add(
          new DdimStep(
              predictionType, clipping, new DdimTransition(timesteps[i], abar, next, eta)));
    }
    return new Sampler(KIND, plan);
  }
}
