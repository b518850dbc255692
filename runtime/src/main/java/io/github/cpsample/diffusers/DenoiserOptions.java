package io.github.cpsample.diffusers;

import io.github.cpsample.denoiser.TensorNames;
import io.github.cpsample.diffusion.DdpmVariance;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What is known of a denoiser beside its files.
 *
 * @param names names of tensors that cannot be told from the graph
 * @param roundsTimesteps whether an integer timestep stands for fractional ones
 * @param schedule its noise schedule and what it predicts
 * @param channels of its images, where the graph leaves them open
 * @param size height and width of its images, where the graph leaves them open
 * @param classes number of class labels of a class-conditional denoiser
 * @param variance what a learned variance means: learned or learned_range; learned_range if empty
 * @param nullClass the class that stands for none, which classifier-free guidance needs
 */
public record DenoiserOptions(
    TensorNames names,
    boolean roundsTimesteps,
    ScheduleOptions schedule,
    OptionalInt channels,
    OptionalInt size,
    OptionalInt classes,
    Optional<DdpmVariance> variance,
    OptionalInt nullClass) {

  /**
   * Checks that nothing is missing.
   *
   * @param names as the component says
   * @param roundsTimesteps as the component says
   * @param schedule as the component says
   * @param channels as the component says
   * @param size as the component says
   * @param classes as the component says
   * @param variance as the component says
   * @param nullClass as the component says
   */
  public DenoiserOptions {
    Objects.requireNonNull(names, "names");
    Objects.requireNonNull(schedule, "schedule");
    Objects.requireNonNull(variance, "variance");
  }

  /**
   * Nothing is known but what the files say.
   *
   * @return no options
   */
  public static DenoiserOptions none() {
    return with(ScheduleOptions.none());
  }

  /**
   * Nothing is known but the noise schedule and what the files say.
   *
   * @param schedule the schedule
   * @return the options
   */
  public static DenoiserOptions with(ScheduleOptions schedule) {
    return new DenoiserOptions(
        TensorNames.none(),
        false,
        schedule,
        OptionalInt.empty(),
        OptionalInt.empty(),
        OptionalInt.empty(),
        Optional.empty(),
        OptionalInt.empty());
  }
}
