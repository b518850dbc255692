package io.github.cpsample.sampling;

import io.github.cpsample.denoiser.Conditioning;
import io.github.cpsample.diffusion.SamplerKind;
import io.github.cpsample.image.FloatImage;
import io.github.cpsample.image.ImageShape;
import io.github.cpsample.protection.ProtectionSettings;
import io.github.cpsample.random.RandomMode;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.function.Consumer;
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
  private final SampleDraft draft;

  private SampleRequest(SampleDraft draft) {
    this.draft = draft;
  }

  /**
   * A request for a number of images.
   *
   * @param count at least 1
   * @return the request
   * @throws IllegalArgumentException if the count is below 1
   */
  public static SampleRequest of(int count) {
    SampleDraft draft = new SampleDraft();
    draft.count = atLeast("count", count, 1);
    return new SampleRequest(draft);
  }

  /**
   * Changes the number of steps.
   *
   * @param steps at least 1, at most the number of timesteps the model was trained with
   * @return a changed copy
   */
  public SampleRequest withSteps(int steps) {
    return with(copy -> copy.steps = OptionalInt.of(atLeast("steps", steps, 1)));
  }

  /**
   * Changes the sampler.
   *
   * @param sampler the sampler
   * @return a changed copy
   */
  public SampleRequest withSampler(SamplerKind sampler) {
    return with(copy -> copy.sampler = Optional.of(sampler));
  }

  /**
   * Changes the share of fresh noise in a DDIM step.
   *
   * @param eta from 0 (deterministic) to 1
   * @return a changed copy
   */
  public SampleRequest withEta(double eta) {
    if (!(eta >= 0 && eta <= 1)) {
      throw new IllegalArgumentException("eta: expected a number in [0, 1], found " + eta);
    }
    return with(copy -> copy.eta = OptionalDouble.of(eta));
  }

  /**
   * Changes the seed.
   *
   * @param seed image {@code i} is made from {@code seed + i}
   * @return a changed copy
   */
  public SampleRequest withSeed(long seed) {
    return with(copy -> copy.seed = seed);
  }

  /**
   * Changes how many images are computed together.
   *
   * @param batchSize at least 1
   * @return a changed copy
   */
  public SampleRequest withBatchSize(int batchSize) {
    return with(copy -> copy.batchSize = atLeast("batchSize", batchSize, 1));
  }

  /**
   * Switches the protection on or off. Unprotected images may be copies of training images.
   *
   * @param on whether training images are guarded
   * @return a changed copy
   */
  public SampleRequest withProtection(boolean on) {
    return with(copy -> copy.guarded = on);
  }

  /**
   * Changes where the noise comes from.
   *
   * @param noise Java's generators, or PyTorch's sequence
   * @return a changed copy
   */
  public SampleRequest withNoise(RandomMode noise) {
    return with(copy -> copy.noise = Objects.requireNonNull(noise, "noise"));
  }

  /**
   * Asks for images of one class.
   *
   * @param label at least 0, below the model's number of classes
   * @return a changed copy
   */
  public SampleRequest withClassLabel(int label) {
    return with(copy -> copy.classLabel = OptionalInt.of(atLeast("classLabel", label, 0)));
  }

  /**
   * Changes the weight of the condition against none.
   *
   * @param scale w of classifier-free guidance, at least 0; 1 or less is the condition alone
   * @return a changed copy
   */
  public SampleRequest withGuidanceScale(double scale) {
    return withConditioning(draft.conditioning.withGuidanceScale(scale));
  }

  /**
   * Asks a text-conditioned model for images of a text.
   *
   * @param text any text, possibly empty
   * @return a changed copy
   */
  public SampleRequest withPrompt(String text) {
    return withConditioning(draft.conditioning.withPrompt(text));
  }

  /**
   * Changes all that the images are asked to show, besides their class.
   *
   * @param conditioning prompts, guidance, the class that stands for none
   * @return a changed copy
   */
  public SampleRequest withConditioning(Conditioning conditioning) {
    return with(copy -> copy.conditioning = Objects.requireNonNull(conditioning, "conditioning"));
  }

  /**
   * Asks for the certainty trace, which is a membership test: never pass it on unasked.
   *
   * @param on whether it is recorded
   * @return a changed copy
   */
  public SampleRequest withCertaintyTrace(boolean on) {
    return with(copy -> copy.traced = on);
  }

  /**
   * Says what becomes of images that the classifier still recognises at the end.
   *
   * @param choice to deliver them, which is the default, or to leave them out
   * @return a changed copy
   */
  public SampleRequest withOnFailure(OnFailure choice) {
    return with(copy -> copy.onFailure = Objects.requireNonNull(choice, "onFailure"));
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
    return withStart(new StartImages(List.of(image), strength));
  }

  /**
   * Starts from images instead of from noise.
   *
   * @param start the images and what share of the steps is taken
   * @return a changed copy
   */
  public SampleRequest withStart(StartImages start) {
    return with(copy -> copy.origin = copy.origin.withStart(start));
  }

  /**
   * Keeps a part of the images and fills in the rest.
   *
   * @param inpainting what is known and what is filled
   * @return a changed copy
   */
  public SampleRequest withInpainting(Inpainting inpainting) {
    return with(copy -> copy.origin = copy.origin.withInpainting(inpainting));
  }

  /**
   * One image of this request once more, from another seed.
   *
   * @param index which of its images, from 0
   * @param seed the other seed
   * @return a request for one image, in all else like this one
   */
  public SampleRequest again(int index, long seed) {
    return with(
        copy -> {
          copy.count = 1;
          copy.seed = seed;
          copy.origin = copy.origin.only(index);
        });
  }

  /**
   * Goes from the request's seed to another one: the images' starting noise is mixed of the two.
   *
   * @param lastSeed the seed of the last image
   * @return a changed copy
   */
  public SampleRequest withInterpolation(long lastSeed) {
    return with(copy -> copy.origin = copy.origin.withInterpolation(new Interpolation(lastSeed)));
  }

  /**
   * Changes the size of the images, where the networks allow other sizes than the model's.
   *
   * @param height rows, at least 1
   * @param width columns, at least 1
   * @return a changed copy
   */
  public SampleRequest withSize(int height, int width) {
    return with(copy -> copy.size = Optional.of(new ImageShape(1, height, width)));
  }

  /**
   * Changes how a step is computed; the images are the same up to rounding.
   *
   * @param path the way
   * @return a changed copy
   */
  public SampleRequest withPath(StepPath path) {
    return with(copy -> copy.path = Objects.requireNonNull(path, "path"));
  }

  /**
   * Seed of the first image.
   *
   * @return any number
   */
  public long seed() {
    return draft.seed;
  }

  /**
   * Number of images.
   *
   * @return at least 1
   */
  public int count() {
    return draft.count;
  }

  /** What is set. */
  SampleDraft draft() {
    return draft;
  }

  private SampleRequest with(Consumer<SampleDraft> change) {
    SampleDraft copy = draft.copy();
    change.accept(copy);
    return new SampleRequest(copy);
  }

  @Override
  SampleRequest override(UnaryOperator<ProtectionSettings> change) {
    SampleDraft copy = draft.copy();
    UnaryOperator<ProtectionSettings> before = draft.overrides;
    copy.overrides = defaults -> change.apply(before.apply(defaults));
    return new SampleRequest(copy);
  }

  private static int atLeast(String name, int value, int least) {
    if (value < least) {
      throw new IllegalArgumentException(
          name + ": expected a number of at least " + least + ", found " + value);
    }
    return value;
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
      return Arrays.stream(values())
          .filter(it -> it.label.equals(name))
          .findFirst()
          .orElseThrow(
              () ->
                  new IllegalArgumentException(
                      "onFailure: expected deliver or withhold, found " + name));
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
