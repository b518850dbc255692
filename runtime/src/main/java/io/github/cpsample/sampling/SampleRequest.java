package io.github.cpsample.sampling;

import io.github.cpsample.base.Checks;
import io.github.cpsample.diffusion.RandomMode;
import io.github.cpsample.diffusion.SamplerKind;
import io.github.cpsample.image.FloatImage;
import io.github.cpsample.image.ImageShape;
import io.github.cpsample.inference.Conditioning;
import io.github.cpsample.protection.ProtectionSettings;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.function.UnaryOperator;

/**
 * What to sample. Immutable: every method with a parameter returns a changed copy. What is not set
 * is the model's default, or: seed 0, batches of 16, protection on, Java's noise, no class label,
 * no certainty trace.
 *
 * <pre>{@code
 * SampleRequest request = SampleRequest.of(16).steps(50).seed(7);
 * }</pre>
 */
public final class SampleRequest extends ProtectionRequest<SampleRequest> {
  private static final int DEFAULT_BATCH_SIZE = 16;

  private final int count;
  private final Trajectory trajectory;
  private final Noise noise;
  private final Content content;
  private final Delivery delivery;
  private final Run run;

  /** How noise becomes an image; what is empty is the model's. */
  private record Trajectory(OptionalInt steps, Optional<SamplerKind> sampler, OptionalDouble eta) {}

  /** Where the noise comes from. */
  private record Noise(long seed, RandomMode mode) {}

  /** What is asked for; of the size, height and width count. */
  private record Content(
      OptionalInt classLabel,
      Conditioning conditioning,
      SampleOrigin origin,
      Optional<ImageShape> size) {}

  /** Whether and how images are protected, and what is told of them. */
  private record Delivery(
      boolean guarded,
      UnaryOperator<ProtectionSettings> overrides,
      boolean traced,
      OnFailure onFailure) {}

  /** How the images are computed, which changes them by rounding at most. */
  private record Run(int batchSize, StepPath path) {}

  private SampleRequest(
      int count, Trajectory trajectory, Noise noise, Content content, Delivery delivery, Run run) {
    this.count = count;
    this.trajectory = trajectory;
    this.noise = noise;
    this.content = content;
    this.delivery = delivery;
    this.run = run;
  }

  /**
   * A request for a number of images.
   *
   * @param count at least 1
   * @return the request
   * @throws IllegalArgumentException if the count is below 1
   */
  public static SampleRequest of(int count) {
    return new SampleRequest(
        Checks.atLeast("count", count, 1),
        new Trajectory(OptionalInt.empty(), Optional.empty(), OptionalDouble.empty()),
        new Noise(0, RandomMode.JAVA),
        new Content(OptionalInt.empty(), Conditioning.NONE, SampleOrigin.NOISE, Optional.empty()),
        new Delivery(true, UnaryOperator.identity(), false, OnFailure.DELIVER),
        new Run(DEFAULT_BATCH_SIZE, StepPath.FASTEST));
  }

  /**
   * Changes the number of steps.
   *
   * @param steps at least 1, at most the number of timesteps the model was trained with
   * @return a changed copy
   */
  public SampleRequest withSteps(int steps) {
    return with(
        new Trajectory(
            OptionalInt.of(Checks.atLeast("steps", steps, 1)), trajectory.sampler, trajectory.eta));
  }

  /**
   * Changes the sampler.
   *
   * @param sampler the sampler
   * @return a changed copy
   */
  public SampleRequest withSampler(SamplerKind sampler) {
    return with(new Trajectory(trajectory.steps, Optional.of(sampler), trajectory.eta));
  }

  /**
   * Changes the share of fresh noise in a DDIM step.
   *
   * @param eta from 0 (deterministic) to 1
   * @return a changed copy
   */
  public SampleRequest withEta(double eta) {
    Checks.argument(eta >= 0 && eta <= 1, "eta", "a number in [0, 1]", eta);
    return with(new Trajectory(trajectory.steps, trajectory.sampler, OptionalDouble.of(eta)));
  }

  /**
   * Changes the seed.
   *
   * @param seed image {@code i} is made from {@code seed + i}
   * @return a changed copy
   */
  public SampleRequest withSeed(long seed) {
    return with(new Noise(seed, noise.mode));
  }

  /**
   * Changes how many images are computed together.
   *
   * @param batchSize at least 1
   * @return a changed copy
   */
  public SampleRequest withBatchSize(int batchSize) {
    return with(new Run(Checks.atLeast("batchSize", batchSize, 1), run.path));
  }

  /**
   * Switches the protection on or off. Unprotected images may be copies of training images.
   *
   * @param on whether training images are guarded
   * @return a changed copy
   */
  public SampleRequest withProtection(boolean on) {
    return with(new Delivery(on, delivery.overrides, delivery.traced, delivery.onFailure));
  }

  /**
   * Changes where the noise comes from.
   *
   * @param noise Java's generators, or PyTorch's sequence
   * @return a changed copy
   */
  public SampleRequest withNoise(RandomMode noise) {
    return with(new Noise(this.noise.seed, Objects.requireNonNull(noise, "noise")));
  }

  /**
   * Asks for images of one class.
   *
   * @param label at least 0, below the model's number of classes
   * @return a changed copy
   */
  public SampleRequest withClassLabel(int label) {
    return with(
        new Content(
            OptionalInt.of(Checks.atLeast("classLabel", label, 0)),
            content.conditioning,
            content.origin,
            content.size));
  }

  /**
   * Changes the weight of the condition against none.
   *
   * @param scale w of classifier-free guidance, at least 0; 1 or less is the condition alone
   * @return a changed copy
   */
  public SampleRequest withGuidanceScale(double scale) {
    return withConditioning(content.conditioning.withGuidanceScale(scale));
  }

  /**
   * Asks a text-conditioned model for images of a text.
   *
   * @param text any text, possibly empty
   * @return a changed copy
   */
  public SampleRequest withPrompt(String text) {
    return withConditioning(content.conditioning.withPrompt(text));
  }

  /**
   * Changes all that the images are asked to show, besides their class.
   *
   * @param conditioning prompts, guidance, the class that stands for none
   * @return a changed copy
   */
  public SampleRequest withConditioning(Conditioning conditioning) {
    return with(
        new Content(
            content.classLabel,
            Objects.requireNonNull(conditioning, "conditioning"),
            content.origin,
            content.size));
  }

  /**
   * Asks for the certainty trace, which is a membership test: never pass it on unasked.
   *
   * @param on whether it is recorded
   * @return a changed copy
   */
  public SampleRequest withCertaintyTrace(boolean on) {
    return with(new Delivery(delivery.guarded, delivery.overrides, on, delivery.onFailure));
  }

  /**
   * Says what becomes of images that the classifier still recognises at the end.
   *
   * @param choice to deliver them, which is the default, or to leave them out
   * @return a changed copy
   */
  public SampleRequest withOnFailure(OnFailure choice) {
    return with(
        new Delivery(
            delivery.guarded,
            delivery.overrides,
            delivery.traced,
            Objects.requireNonNull(choice, "onFailure")));
  }

  /**
   * Starts from an image instead of from noise: noised to the level where a share of the steps is
   * left, it is sampled from there.
   *
   * @param image of the model's shape, values about [-1, 1]
   * @param strength the share of the steps that is taken, in (0, 1]; 1 leaves nothing of the image
   *     but what the first step's noise level does
   * @return a changed copy
   */
  public SampleRequest withStart(FloatImage image, double strength) {
    return withStart(new SampleOrigin.StartImages(List.of(image), strength));
  }

  /**
   * Starts from images instead of from noise.
   *
   * @param start the images and what share of the steps is taken
   * @return a changed copy
   */
  public SampleRequest withStart(SampleOrigin.StartImages start) {
    return with(content.origin.withStart(start));
  }

  /**
   * Keeps a part of the images and fills in the rest.
   *
   * @param inpainting what is known and what is filled
   * @return a changed copy
   */
  public SampleRequest withInpainting(Inpainting inpainting) {
    return with(content.origin.withInpainting(inpainting));
  }

  /**
   * One image of this request once more, from another seed.
   *
   * @param index which of its images, from 0
   * @param seed the other seed
   * @return a request for one image, in all else like this one
   */
  public SampleRequest again(int index, long seed) {
    return new SampleRequest(
        1,
        trajectory,
        new Noise(seed, noise.mode),
        with(content.origin.only(index)).content,
        delivery,
        run);
  }

  /**
   * Goes from the request's seed to another one: the images' starting noise is mixed of the two.
   *
   * @param lastSeed the seed of the last image
   * @return a changed copy
   */
  public SampleRequest withInterpolation(long lastSeed) {
    return with(content.origin.withInterpolation(new SampleOrigin.Interpolation(lastSeed)));
  }

  /**
   * Changes the size of the images, where the networks allow other sizes than the model's.
   *
   * @param height rows, at least 1
   * @param width columns, at least 1
   * @return a changed copy
   */
  public SampleRequest withSize(int height, int width) {
    return with(
        new Content(
            content.classLabel,
            content.conditioning,
            content.origin,
            Optional.of(new ImageShape(1, height, width))));
  }

  /**
   * Changes how a step is computed; the images are the same up to rounding.
   *
   * @param path the way
   * @return a changed copy
   */
  public SampleRequest withPath(StepPath path) {
    return with(new Run(run.batchSize, Objects.requireNonNull(path, "path")));
  }

  /**
   * Seed of the first image.
   *
   * @return any number
   */
  public long seed() {
    return noise.seed;
  }

  /**
   * Number of images.
   *
   * @return at least 1
   */
  public int count() {
    return count;
  }

  /**
   * Number of steps.
   *
   * @return empty for the model's
   */
  public OptionalInt steps() {
    return trajectory.steps;
  }

  /**
   * The sampler.
   *
   * @return empty for the model's
   */
  public Optional<SamplerKind> sampler() {
    return trajectory.sampler;
  }

  /**
   * Share of fresh noise in a DDIM step.
   *
   * @return in [0, 1]; empty for the model's
   */
  public OptionalDouble eta() {
    return trajectory.eta;
  }

  /**
   * Where the noise comes from.
   *
   * @return Java's generators unless set
   */
  public RandomMode noise() {
    return noise.mode;
  }

  /**
   * Images computed together.
   *
   * @return at least 1
   */
  public int batchSize() {
    return run.batchSize;
  }

  /**
   * How a step is computed.
   *
   * @return the way
   */
  public StepPath path() {
    return run.path;
  }

  /**
   * Class to sample.
   *
   * @return the label, or empty if none was given
   */
  public OptionalInt classLabel() {
    return content.classLabel;
  }

  /**
   * What the images are asked to show besides their class.
   *
   * @return prompts, guidance, the class that stands for none
   */
  public Conditioning conditioning() {
    return content.conditioning;
  }

  /**
   * What the images are made of besides noise.
   *
   * @return images to start from, known pixels, another seed
   */
  public SampleOrigin origin() {
    return content.origin;
  }

  /**
   * Whether training images are guarded.
   *
   * @return true unless switched off
   */
  public boolean protection() {
    return delivery.guarded;
  }

  /**
   * Whether the certainty trace is recorded.
   *
   * @return false unless asked for
   */
  public boolean certaintyTrace() {
    return delivery.traced;
  }

  /**
   * What becomes of images that the classifier still recognises at the end.
   *
   * @return to deliver them unless set
   */
  public OnFailure onFailure() {
    return delivery.onFailure;
  }

  /** Height and width; the channels are the model's. Empty for the model's size. */
  Optional<ImageShape> size() {
    return content.size;
  }

  /** How the request changes a model's settings. */
  UnaryOperator<ProtectionSettings> overrides() {
    return delivery.overrides;
  }

  private SampleRequest with(Trajectory other) {
    return new SampleRequest(count, other, noise, content, delivery, run);
  }

  private SampleRequest with(Noise other) {
    return new SampleRequest(count, trajectory, other, content, delivery, run);
  }

  private SampleRequest with(Content other) {
    return new SampleRequest(count, trajectory, noise, other, delivery, run);
  }

  private SampleRequest with(Delivery other) {
    return new SampleRequest(count, trajectory, noise, content, other, run);
  }

  private SampleRequest with(Run other) {
    return new SampleRequest(count, trajectory, noise, content, delivery, other);
  }

  private SampleRequest with(SampleOrigin other) {
    return with(new Content(content.classLabel, content.conditioning, other, content.size));
  }

  @Override
  SampleRequest override(UnaryOperator<ProtectionSettings> change) {
    UnaryOperator<ProtectionSettings> before = delivery.overrides;
    return with(
        new Delivery(
            delivery.guarded,
            defaults -> change.apply(before.apply(defaults)),
            delivery.traced,
            delivery.onFailure));
  }

  /** What becomes of an image that the classifier still recognises after it was redone. */
  public enum OnFailure {
    /** It is delivered, and its report says so. */
    DELIVER("deliver"),
    /** It is left out of the result, whose totals count it. */
    WITHHOLD("withhold");

    private final String label;

    OnFailure(String label) {
      this.label = label;
    }

    /**
     * The name used on command lines.
     *
     * @return for example {@code withhold}
     */
    public String label() {
      return label;
    }

    /**
     * Finds a choice by its name.
     *
     * @param name {@code deliver} or {@code withhold}
     * @return the choice
     * @throws IllegalArgumentException if there is no such choice
     */
    public static OnFailure named(String name) {
      return Checks.named("onFailure", values(), it -> it.label, name);
    }

    @Override
    public String toString() {
      return label;
    }
  }

  /** How a step of a trajectory is computed. The images are the same up to rounding. */
  public enum StepPath {
    /**
     * The one that is faster on the device: separate runs on the CPU; on a GPU one graph where that
     * can be had.
     */
    FASTEST,
    /** As one graph; a request for which that cannot be had is refused. */
    ONE_GRAPH,
    /**
     * As separate runs of denoiser, classifier and gradient, with gate, force and update in Java:
     * the plain way, for every sampler, gate and force, against which the graph is verified.
     */
    SEPARATE
  }
}
