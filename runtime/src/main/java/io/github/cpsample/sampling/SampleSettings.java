package io.github.cpsample.sampling;

import io.github.cpsample.bundle.Manifest;
import io.github.cpsample.bundle.ProtectionSpec;
import io.github.cpsample.diffusion.DdimConfig;
import io.github.cpsample.diffusion.DdimSampler;
import io.github.cpsample.diffusion.DdpmConfig;
import io.github.cpsample.diffusion.DdpmSampler;
import io.github.cpsample.diffusion.NoiseSchedule;
import io.github.cpsample.diffusion.PredictionType;
import io.github.cpsample.diffusion.Sampler;
import io.github.cpsample.diffusion.TimestepSpacing;
import io.github.cpsample.protection.Force;
import io.github.cpsample.protection.Gate;
import io.github.cpsample.protection.ProtectionSettings;
import io.github.cpsample.random.NoiseSource;
import java.util.Arrays;
import java.util.OptionalInt;

/**
 * A request with the model's defaults filled in: what was in fact done. Immutable.
 *
 * @param count number of images
 * @param sampler the sampler
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
 */
public record SampleSettings(
    int count,
    SamplerKind sampler,
    int steps,
    double eta,
    TimestepSpacing spacing,
    boolean clipSample,
    long seed,
    int batchSize,
    NoiseSource noise,
    OptionalInt classLabel,
    boolean guarded,
    ProtectionSettings protection,
    boolean traced) {

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
        steps,
        kind == SamplerKind.DDIM ? request.eta().orElse(manifest.sampler().eta()) : 0,
        TimestepSpacing.named(manifest.sampler().timestepSpacing()),
        manifest.sampler().clipSample(),
        request.seed(),
        Math.min(request.batchSize(), request.count()),
        request.noise(),
        label(manifest, request),
        request.guarded(),
        protection(manifest, request),
        request.traced());
  }

  /** Number of batches. */
  int batches() {
    return (count + batchSize - 1) / batchSize;
  }

  /** A sampler for one trajectory. */
  Sampler plan(NoiseSchedule schedule, PredictionType prediction) {
    return switch (sampler) {
      case DDIM ->
          new DdimSampler(
              new DdimConfig(steps, eta, prediction, spacing, 0, clipSample, true, true), schedule);
      case DDPM ->
          new DdpmSampler(
              new DdpmConfig(
                  Arrays.stream(spacing.timesteps(schedule.trainTimesteps(), steps, 0))
                      .boxed()
                      .toList(),
                  -1,
                  prediction,
                  DdpmConfig.Variance.FIXED_SMALL,
                  clipSample),
              schedule);
    };
  }

  private static ProtectionSettings protection(Manifest manifest, SampleRequest request) {
    ProtectionSpec spec = manifest.protection();
    ProtectionSettings settings =
        request.protection(
            new ProtectionSettings(
                Gate.named(spec.gate()),
                Force.named(spec.force()),
                spec.alpha(),
                spec.scale(),
                spec.firstGuardedTimestep(),
                spec.lastGuardedTimestep()));
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
