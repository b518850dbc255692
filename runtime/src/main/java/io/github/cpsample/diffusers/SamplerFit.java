package io.github.cpsample.diffusers;

import io.github.cpsample.bundle.DenoiserSignature;
import io.github.cpsample.bundle.SamplerSpec;
import io.github.cpsample.bundle.SchedulerConfig;
import io.github.cpsample.diffusion.Sampler;
import io.github.cpsample.inference.TensorType;
import java.util.OptionalDouble;

/** Whether a denoiser can be sampled as its scheduler says. */
final class SamplerFit {
  private SamplerFit() {}

  /**
   * What a manifest says of the sampler.
   *
   * @throws IllegalArgumentException if the denoiser cannot be sampled so
   */
  static SamplerSpec describe(
      String source, DenoiserSignature signature, SchedulerConfig scheduler, int steps) {
    SamplerSpec described = scheduler.describe(steps);
    if (scheduler.learnedVariance().isPresent() && !signature.learnsVariance()) {
      throw new IllegalArgumentException(
          source
              + ", scheduler: expected a fixed variance_type, since the prediction "
              + signature.output().describe()
              + " has no channels for a variance, found "
              + scheduler.learnedVariance().get().jsonName());
    }
    boolean whole = TensorType.of(signature.timestep().type()).isInteger();
    Sampler sampler =
        scheduler.sampler(steps).create(scheduler.createSchedule(), scheduler.predictionType());
    OptionalDouble fraction =
        sampler.steps().stream()
            .mapToDouble(step -> step.timestep())
            .filter(timestep -> timestep != Math.rint(timestep))
            .findFirst();
    if (whole && !signature.roundsTimesteps() && fraction.isPresent()) {
      throw new IllegalArgumentException(
          source
              + ", scheduler: expected whole timesteps, since its input "
              + signature.timestep().name()
              + " is "
              + signature.timestep().describe()
              + ", found "
              + fraction.getAsDouble()
              + " with "
              + scheduler.className()
              + " of "
              + steps
              + " steps; let the denoiser run at the nearest ones with --round-timesteps, or give"
              + " another scheduler with --scheduler");
    }
    return described;
  }
}
