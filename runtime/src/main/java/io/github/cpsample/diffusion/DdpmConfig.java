package io.github.cpsample.diffusion;

import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/**
 * The configuration of a DDPM trajectory.
 *
 * @param timesteps the timesteps in the order in which they are visited, strictly descending
 * @param lastPrevious where the last step leads: a timestep, or a negative number for abar = 1
 * @param prediction what the denoiser predicts
 * @param variance the variance of a step
 * @param clip whether the predicted clean sample is clipped to [-1,1]
 */
public record DdpmConfig(
    List<Integer> timesteps,
    int lastPrevious,
    PredictionType prediction,
    Variance variance,
    boolean clip) {

  /** The variance of an ancestral step. */
  public enum Variance {
    /** That of the posterior q(x_prev | x_t, x_0). */
    FIXED_SMALL,
    /** Beta of the step. */
    FIXED_LARGE
  }

  /**
   * Checks that the timesteps descend.
   *
   * @param timesteps the timesteps
   * @param lastPrevious where the last step leads
   * @param prediction what the denoiser predicts
   * @param variance the variance of a step
   * @param clip whether the predicted sample is clipped
   */
  public DdpmConfig {
    timesteps = List.copyOf(timesteps);
    Objects.requireNonNull(prediction, "prediction");
    Objects.requireNonNull(variance, "variance");
    if (timesteps.isEmpty()) {
      throw new IllegalArgumentException("Timesteps: expected at least one, found none");
    }
    for (int i = 1; i < timesteps.size(); i++) {
      if (timesteps.get(i) >= timesteps.get(i - 1)) {
        throw new IllegalArgumentException(
            "Timesteps: expected them to descend, found "
                + timesteps.get(i - 1)
                + " before "
                + timesteps.get(i));
      }
    }
  }

  /**
   * Equally many timesteps as steps, spaced over the schedule; clips, posterior variance.
   *
   * @param schedule the denoiser's noise schedule
   * @param steps number of steps, in [1,T]
   * @param spacing which timesteps are visited
   * @param prediction what the denoiser predicts
   * @return the configuration
   */
  public static DdpmConfig of(
      NoiseSchedule schedule, int steps, TimestepSpacing spacing, PredictionType prediction) {
    int[] timesteps = spacing.timesteps(schedule.trainTimesteps(), steps, 0);
    return new DdpmConfig(
        Arrays.stream(timesteps).boxed().toList(), -1, prediction, Variance.FIXED_SMALL, true);
  }

  /**
   * The timestep that a step leads to.
   *
   * @param step in [0,steps)
   * @return the next timestep, or a negative number for the clean sample
   */
  public int previous(int step) {
    return step + 1 < timesteps.size() ? timesteps.get(step + 1) : lastPrevious;
  }
}
