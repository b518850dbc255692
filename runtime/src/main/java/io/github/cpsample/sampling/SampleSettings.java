package io.github.cpsample.sampling;

import io.github.cpsample.bundle.Manifest;
import io.github.cpsample.diffusion.NoiseSchedule;
import io.github.cpsample.diffusion.PredictionType;
import io.github.cpsample.diffusion.Sampler;
import io.github.cpsample.diffusion.TimestepSpacing;
import io.github.cpsample.protection.ProtectionSettings;
import io.github.cpsample.random.RandomMode;
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
 * @param origin what the images are made of besides noise
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
    RandomMode noise,
    OptionalInt classLabel,
    boolean guarded,
    ProtectionSettings protection,
    boolean traced,
    SampleOrigin origin) {

  /**
   * Fills in the model's defaults.
   *
   * @param manifest the model
   * @param request the request
   * @return the settings
   * @throws IllegalArgumentException if the model cannot do what is asked
   */
  static SampleSettings of(Manifest manifest, SampleRequest request) {
    SampleDraft asked = request.draft();
    int steps = asked.steps.orElse(manifest.sampler().steps());
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
    SamplerKind kind = asked.sampler.orElse(SamplerKind.named(manifest.sampler().kind()));
    return new SampleSettings(
        asked.count,
        kind,
        steps,
        kind == SamplerKind.DDIM ? asked.eta.orElse(manifest.sampler().eta()) : 0,
        kind.spacing(manifest.sampler().timestepSpacing()),
        manifest.sampler().clipSample() && kind.clips(),
        asked.seed,
        Math.min(asked.batchSize, asked.count),
        asked.noise,
        label(manifest, asked),
        asked.guarded,
        protection(manifest, asked),
        asked.traced,
        asked.origin.requireFitting(manifest.image(), asked.count));
  }

  /** Number of batches. */
  int batches() {
    return (count + batchSize - 1) / batchSize;
  }

  /** The plan of a trajectory. */
  Sampler plan(NoiseSchedule schedule, PredictionType prediction) {
    return SamplerPlan.of(this).create(schedule, prediction);
  }

  private static ProtectionSettings protection(Manifest manifest, SampleDraft request) {
    ProtectionSettings settings = request.overrides.apply(manifest.protection());
    settings.gate().requireBits(manifest.classifier().bits());
    return settings;
  }

  private static OptionalInt label(Manifest manifest, SampleDraft request) {
    int classes = manifest.denoiser().classes();
    OptionalInt label = request.classLabel;
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
