package io.github.cpsample.sampling;

import io.github.cpsample.bundle.DenoiserSpec;
import io.github.cpsample.bundle.Manifest;
import io.github.cpsample.bundle.SchedulerConfig;
import io.github.cpsample.diffusion.NoiseSchedule;
import io.github.cpsample.diffusion.Sampler;
import io.github.cpsample.diffusion.TimestepSpacing;
import io.github.cpsample.protection.ProtectionSettings;
import io.github.cpsample.random.RandomMode;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * A request with the model's defaults filled in: what was in fact done. Immutable.
 *
 * @param count number of images
 * @param sampler the sampler
 * @param scheduler all settings of the model's own sampler, if it has them and the request named no
 *     other one
 * @param steps number of steps
 * @param eta share of fresh noise in a DDIM step; 0 for DDPM, which has no such share
 * @param spacing which timesteps were visited
 * @param clipSample whether the predicted clean image was clipped to [-1, 1]
 * @param seed image {@code i} is made from {@code seed + i}
 * @param batchSize images computed together
 * @param noise where the noise came from
 * @param classLabel the class, or empty for an unconditional model
 * @param guarded whether the protection was on
 * @param protection how, if it was on
 * @param traced whether certainties were recorded
 * @param path how a step was to be computed
 */
public record SampleSettings(
    int count,
    SamplerKind sampler,
    Optional<SchedulerConfig> scheduler,
    int steps,
    double eta,
    TimestepSpacing spacing,
    boolean clipSample,
    long seed,
    int batchSize,
    RandomMode noise,
    OptionalInt classLabel,
    boolean guarded,
    ProtectionSettings protection,
    boolean traced,
    StepPath path) {

  /**
   * Fills in the model's defaults.
   *
   * @param manifest the model
   * @param request the request
   * @return the settings
   * @throws IllegalArgumentException if the model cannot do what is asked
   */
  static SampleSettings of(Manifest manifest, SampleRequest request) {
    int steps = request.steps().orElse(manifest.sampler().steps());
    int timesteps = manifest.schedule().trainTimesteps();
    if (steps > timesteps) {
      throw new IllegalArgumentException(
          "steps: expected at most "
              + timesteps
              + " for model "
              + manifest.name()
              + ", found "
              + steps);
    }
    SamplerKind kind = request.sampler().orElse(SamplerKind.named(manifest.sampler().kind()));
    return new SampleSettings(
        request.count(),
        kind,
        request.sampler().isPresent() ? Optional.empty() : manifest.sampler().scheduler(),
        steps,
        kind == SamplerKind.DDIM ? request.eta().orElse(manifest.sampler().eta()) : 0,
        kind.spacing(manifest.sampler().timestepSpacing()),
        manifest.sampler().clipSample() && kind.clips(),
        request.seed(),
        Math.min(request.batchSize(), request.count()),
        request.noise(),
        label(manifest, request),
        request.guarded(),
        protection(manifest, request),
        request.traced(),
        request.path());
  }

  /** Number of batches. */
  int batches() {
    return (count + batchSize - 1) / batchSize;
  }

  /**
   * The plan of a trajectory.
   *
   * @throws IllegalArgumentException if the sampler needs a variance that the denoiser did not
   *     learn
   */
  Sampler plan(NoiseSchedule schedule, DenoiserSpec denoiser) {
    Sampler plan =
        SamplerPlan.of(this, denoiser.variance()).create(schedule, denoiser.predictionType());
    if (plan.memory().variances() && denoiser.variance().isEmpty()) {
      throw new IllegalArgumentException(
          "sampler: expected one of a fixed variance, since the denoiser's output "
              + denoiser.signature().output().describe()
              + " has no second half of channels, found "
              + plan.kind()
              + " of a learned one");
    }
    return plan;
  }

  private static ProtectionSettings protection(Manifest manifest, SampleRequest request) {
    ProtectionSettings settings = request.protection(manifest.protection());
    settings.gate().requireBits(manifest.classifier().bits());
    return settings;
  }

  private static OptionalInt label(Manifest manifest, SampleRequest request) {
    int classes = manifest.denoiser().classes();
    OptionalInt label = request.classLabel();
    boolean fits = classes > 0 ? label.orElse(classes) < classes : label.isEmpty();
    if (!fits) {
      throw new IllegalArgumentException(
          "classLabel: expected "
              + (classes > 0
                  ? "a number in [0, " + (classes - 1) + "]"
                  : "none, since the model is unconditional")
              + ", found "
              + (label.isPresent() ? label.getAsInt() : "none"));
    }
    return label;
  }
}
