package io.github.cpsample.diffusion;

/** The settings of a sampler, independent of schedule and denoiser. Immutable. */
public interface SamplerConfig {
  /**
   * The sampler's name.
   *
   * @return for example {@code ddim}
   */
  String kind();

  /**
   * Plans a trajectory.
   *
   * @param schedule the schedule that the denoiser was trained with
   * @param predictionType what the denoiser predicts
   * @return the plan
   * @throws IllegalArgumentException if the settings do not fit the schedule
   */
  Sampler create(NoiseSchedule schedule, PredictionType predictionType);
}
