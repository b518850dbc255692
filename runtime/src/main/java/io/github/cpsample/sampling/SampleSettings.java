package io.github.cpsample.sampling;

import io.github.cpsample.base.Checks;
import io.github.cpsample.bundle.DenoiserSpec;
import io.github.cpsample.bundle.Manifest;
import io.github.cpsample.bundle.SchedulerConfig;
import io.github.cpsample.diffusion.DdpmConfig;
import io.github.cpsample.diffusion.NoiseSchedule;
import io.github.cpsample.diffusion.Plan;
import io.github.cpsample.diffusion.RandomMode;
import io.github.cpsample.diffusion.Sampler;
import io.github.cpsample.diffusion.SamplerConfig;
import io.github.cpsample.diffusion.SamplerKind;
import io.github.cpsample.diffusion.TimestepSpacing;
import io.github.cpsample.image.ImageShape;
import io.github.cpsample.inference.Conditioning;
import io.github.cpsample.protection.ProtectionSettings;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * A request with the model's defaults filled in: what was in fact done. Immutable.
 *
 * @param trajectory the steps from noise to image
 * @param images how many images, of which noise
 * @param shown what the images were to show
 * @param guarding how the training images were protected
 * @param path how a step was to be computed
 */
public record SampleSettings(
    Trajectory trajectory,
    Images images,
    Shown shown,
    Guarding guarding,
    SampleRequest.StepPath path) {

  /**
   * The steps from noise to image.
   *
   * @param sampler the sampler
   * @param scheduler all settings of the model's own sampler, if it has them and the request named
   *     no other one
   * @param steps number of steps
   * @param eta share of fresh noise in a DDIM step; 0 for DDPM, which has no such share
   * @param spacing which timesteps were visited
   * @param clipSample whether the predicted clean image was clipped to [-1, 1]
   */
  public record Trajectory(
      SamplerKind sampler,
      Optional<SchedulerConfig> scheduler,
      int steps,
      double eta,
      TimestepSpacing spacing,
      boolean clipSample) {}

  /**
   * How many images, of which noise.
   *
   * @param count number of images
   * @param shape the shape of the images
   * @param seed image {@code i} is made from {@code seed + i}, or, where seeds are interpolated,
   *     from {@code seed} and the other one
   * @param noise where the noise came from
   * @param batchSize images computed together
   */
  public record Images(int count, ImageShape shape, long seed, RandomMode noise, int batchSize) {}

  /**
   * What the images were to show.
   *
   * @param classLabel the class, or empty for an unconditional model
   * @param conditioning what they were to show besides their class
   * @param origin what they are made of besides noise
   */
  public record Shown(OptionalInt classLabel, Conditioning conditioning, SampleOrigin origin) {}

  /**
   * How the training images were protected.
   *
   * @param on whether they were
   * @param protection how, if they were
   * @param traced whether certainties were recorded
   * @param onFailure what became of images that the classifier recognised at the end
   */
  public record Guarding(
      boolean on,
      ProtectionSettings protection,
      boolean traced,
      SampleRequest.OnFailure onFailure) {}

  /**
   * Fills in the model's defaults.
   *
   * @param manifest the model
   * @param request the request
   * @return the settings
   * @throws IllegalArgumentException if the model cannot do what is asked
   */
  public static SampleSettings of(Manifest manifest, SampleRequest request) {
    int steps = request.steps().orElse(manifest.sampler().steps());
    int timesteps = manifest.schedule().trainTimesteps();
    Checks.argument(
        steps <= timesteps,
        "steps",
        "at most " + timesteps + " for model " + manifest.name(),
        steps);
    SamplerKind kind = request.sampler().orElse(SamplerKind.named(manifest.sampler().kind()));
    ImageShape image = image(manifest, request);
    return new SampleSettings(
        new Trajectory(
            kind,
            scheduler(manifest, request),
            steps,
            kind == SamplerKind.DDIM ? request.eta().orElse(manifest.sampler().eta()) : 0,
            kind.spacing(manifest.sampler().timestepSpacing()),
            manifest.sampler().clipSample() && kind.clips()),
        new Images(
            request.count(),
            image,
            request.seed(),
            request.noise(),
            Math.min(request.batchSize(), request.count())),
        new Shown(
            label(manifest, request),
            ConditioningRules.resolve(manifest, request.conditioning()),
            request.origin().requireFitting(given(manifest, image), request.count())),
        new Guarding(
            request.protection(),
            protection(manifest, request),
            request.certaintyTrace(),
            request.onFailure()),
        request.path());
  }

  /** The seed of an image. */
  long seedOf(int index) {
    return shown.origin().interpolation().isPresent() ? images.seed() : images.seed() + index;
  }

  /**
   * The steps of the images. Where a stretch of a trajectory is repeated to fill in a region, ways
   * back are of the same steps.
   *
   * @throws IllegalArgumentException if the sampler needs a variance that the denoiser did not
   *     learn
   */
  Plan plan(NoiseSchedule schedule, DenoiserSpec denoiser) {
    int steps = trajectory.steps();
    Sampler first = sampler(schedule, denoiser, steps);
    int again = guarding.on() ? guarding.protection().correction().stepsAgain(steps) : steps;
    return again == steps || shown.origin().resampling().repeats()
        ? Plan.of(first)
        : new Plan(first, Optional.of(sampler(schedule, denoiser, again)));
  }

  private Sampler sampler(NoiseSchedule schedule, DenoiserSpec denoiser, int steps) {
    Sampler plan = config(denoiser.variance(), steps).create(schedule, denoiser.predictionType());
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

  private SamplerConfig config(Optional<DdpmConfig.Variance> variance, int steps) {
    SamplerKind sampler = trajectory.sampler();
    double eta = trajectory.eta();
    return trajectory
        .scheduler()
        .map(own -> sampler.adapted(own.sampler(steps), eta))
        .orElseGet(
            () ->
                sampler.usual(
                    steps,
                    eta,
                    trajectory.spacing(),
                    trajectory.clipSample(),
                    variance.orElse(DdpmConfig.Variance.FIXED_SMALL)));
  }

  /** The shape of images that are given; those of a latent model are encoded first. */
  private static ImageShape given(Manifest manifest, ImageShape sampled) {
    return manifest.pipeline().latent().isPresent() ? manifest.image() : sampled;
  }

  /** The model's own settings; another kind of the same sampler is still the model's. */
  private static Optional<SchedulerConfig> scheduler(Manifest manifest, SampleRequest request) {
    boolean pndm = request.sampler().equals(Optional.of(SamplerKind.PNDM_DIFFUSERS));
    return manifest
        .sampler()
        .scheduler()
        .filter(
            own ->
                request.sampler().isEmpty()
                    || (pndm && own.samplerKind().equals(SamplerKind.PNDM.label())));
  }

  private static ImageShape image(Manifest manifest, SampleRequest request) {
    ImageShape sampled = manifest.sampled();
    boolean pixels = manifest.pipeline().latent().isEmpty();
    Checks.argument(
        pixels || !request.size().isPresent(),
        "size",
        "none for the latent model " + manifest.name() + ", which is sampled at its own size",
        "one");
    return request
        .size()
        .map(size -> new ImageShape(sampled.channels(), size.height(), size.width()))
        .orElse(sampled);
  }

  private static ProtectionSettings protection(Manifest manifest, SampleRequest request) {
    ProtectionSettings settings = request.overrides().apply(manifest.protection());
    settings.gate().requireBits(manifest.classifier().bits());
    if (request.protection()) {
      manifest.pipeline().requireFallback(settings.correction().kind());
    }
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

  /** What a model can be asked to show, and its defaults. */
  private static final class ConditioningRules {
    /** The guidance scale of Diffusers' text-to-image pipelines. */
    private static final double TEXT_SCALE = 7.5;

    private ConditioningRules() {}

    /** Fills in the defaults and refuses what the model cannot do. */
    static Conditioning resolve(Manifest manifest, Conditioning asked) {
      boolean text = manifest.pipeline().text().isPresent();
      if (text != asked.prompt().isPresent()) {
        throw new IllegalArgumentException(
            "prompt: expected "
                + (text ? "a text for" : "none for the model without text encoder")
                + " "
                + manifest.name()
                + ", found "
                + asked.prompt().map(prompt -> "'" + prompt + "'").orElse("none"));
      }
      Conditioning filled = asked;
      if (text && asked.guidanceScale().isEmpty()) {
        filled = asked.withGuidanceScale(TEXT_SCALE);
      }
      OptionalInt known = manifest.pipeline().nullClass();
      if (filled.nullClass().isEmpty() && known.isPresent()) {
        filled = filled.withNullClass(known.getAsInt());
      }
      requireUsed(manifest, filled, text);
      return filled;
    }

    private static void requireUsed(Manifest manifest, Conditioning filled, boolean text) {
      boolean classes = manifest.denoiser().classes() > 0;
      boolean active = filled.guidance().active();
      Checks.argument(
          !active || text || classes,
          "guidanceScale",
          "at most 1 for the unconditional model " + manifest.name(),
          filled.guidance().scale());
      int most = manifest.denoiser().classes();
      if (filled.nullClass().isPresent() && (!classes || filled.nullClass().getAsInt() > most)) {
        throw new IllegalArgumentException(
            "nullClass: expected "
                + (classes ? "a number in [0, " + most + "]" : "none for a model without classes")
                + ", found "
                + filled.nullClass().getAsInt());
      }
      if (filled.negativePrompt().isPresent() && !(active && text)) {
        throw new IllegalArgumentException(
            "negativePrompt: expected none without a prompt and a guidanceScale above 1, found '"
                + filled.negativePrompt().get()
                + "'");
      }
    }
  }
}
