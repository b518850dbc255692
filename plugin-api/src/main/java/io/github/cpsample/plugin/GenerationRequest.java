package io.github.cpsample.plugin;

import java.awt.image.BufferedImage;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What to generate. Immutable: every {@code with} method returns a changed copy. What is not set is
 * taken from the model (steps, sampler) or is: seed 0, batches of 16, protection on, no class
 * label, no image to begin with, no certainty trace, no guarantee.
 *
 * <pre>{@code
 * GenerationRequest request = GenerationRequest.of(16).withSteps(50).withSeed(7);
 * }</pre>
 */
public final class GenerationRequest {
  private static final int DEFAULT_BATCH_SIZE = 16;

  private final int count;
  private final Sampling sampling;
  private final Run run;
  private final Delivery delivery;

  /** How noise becomes an image; what is empty is the model's. */
  private record Sampling(
      OptionalInt steps,
      Optional<String> sampler,
      OptionalInt classLabel,
      Optional<GivenImage> given) {}

  /** Which images, and how many of them are computed together. */
  private record Run(long seed, int batchSize) {}

  /**
   * An image that is changed. A provider crops and resizes it and its mask to the model's size.
   *
   * @param image any picture; neither it nor the mask may change while the request is in use
   * @param mask white where the image is filled in, black where it is kept, of the image's size;
   *     empty to change all of it
   * @param strength how far it is changed where there is no mask: the share of the steps that is
   *     taken, in (0, 1]
   */
  public record GivenImage(BufferedImage image, Optional<BufferedImage> mask, double strength) {
    public GivenImage {
      Objects.requireNonNull(image, "image");
      mask.ifPresent(it -> requireSize(it, image));
      if (!(strength > 0 && strength <= 1)) {
        throw new IllegalArgumentException(
            "strength: expected a number in (0, 1], found " + strength);
      }
    }

    private static void requireSize(BufferedImage mask, BufferedImage image) {
      if (mask.getWidth() != image.getWidth() || mask.getHeight() != image.getHeight()) {
        throw new IllegalArgumentException(
            "mask: expected the image's size of "
                + image.getWidth()
                + " x "
                + image.getHeight()
                + " pixels, found "
                + mask.getWidth()
                + " x "
                + mask.getHeight());
      }
    }
  }

  /** Whether images are protected, what is told of them, and what is promised. */
  private record Delivery(boolean guarded, boolean traced, Optional<Guarantee> guarantee) {}

  /**
   * The training images that no image may come too close to.
   *
   * @param index the index's file, made with {@code cpsample index}
   * @param maxTries how often an image is generated at most, at least 1
   */
  public record Guarantee(Path index, int maxTries) {
    public Guarantee {
      Objects.requireNonNull(index, "index");
      atLeast("maxTries", maxTries, 1);
    }
  }

  private GenerationRequest(int count, Sampling sampling, Run run, Delivery delivery) {
    this.count = count;
    this.sampling = sampling;
    this.run = run;
    this.delivery = delivery;
  }

  /**
   * A request for a number of images.
   *
   * @param count number of images, at least 1
   * @return the request
   * @throws IllegalArgumentException if the count is below 1
   */
  public static GenerationRequest of(int count) {
    return new GenerationRequest(
        atLeast("count", count, 1),
        new Sampling(OptionalInt.empty(), Optional.empty(), OptionalInt.empty(), Optional.empty()),
        new Run(0, DEFAULT_BATCH_SIZE),
        new Delivery(true, false, Optional.empty()));
  }

  /**
   * Changes the number of sampler steps.
   *
   * @param steps at least 1 and at most the number of steps the model was trained with
   * @return a changed copy
   * @throws IllegalArgumentException if the number is below 1
   */
  public GenerationRequest withSteps(int steps) {
    return with(
        new Sampling(
            OptionalInt.of(atLeast("steps", steps, 1)),
            sampling.sampler,
            sampling.classLabel,
            sampling.given));
  }

  /**
   * Changes the sampler.
   *
   * @param sampler {@code ddim} or {@code ddpm}; a provider may know more
   * @return a changed copy
   */
  public GenerationRequest withSampler(String sampler) {
    return with(
        new Sampling(sampling.steps, Optional.of(sampler), sampling.classLabel, sampling.given));
  }

  /**
   * Changes the seed.
   *
   * @param seed any number; image {@code i} is made from {@code seed + i}
   * @return a changed copy
   */
  public GenerationRequest withSeed(long seed) {
    return with(new Run(seed, run.batchSize));
  }

  /**
   * Changes how many images are computed together; it changes memory and speed, not the images.
   *
   * @param batchSize at least 1
   * @return a changed copy
   * @throws IllegalArgumentException if the size is below 1
   */
  public GenerationRequest withBatchSize(int batchSize) {
    return with(new Run(run.seed, atLeast("batchSize", batchSize, 1)));
  }

  /**
   * Asks for images of one class.
   *
   * @param classLabel at least 0 and below {@link ModelDescription#classes()}
   * @return a changed copy
   * @throws IllegalArgumentException if the label is negative
   */
  public GenerationRequest withClassLabel(int classLabel) {
    return with(
        new Sampling(
            sampling.steps,
            sampling.sampler,
            OptionalInt.of(atLeast("classLabel", classLabel, 0)),
            sampling.given));
  }

  /**
   * Asks for variations of an image: it is noised, and sampled anew from there. Whoever may give
   * images of their choice learns more about the training images than from generated ones alone.
   *
   * @param image any picture; it must not change while the request is in use
   * @param strength how far it is changed: the share of the steps that is taken, in (0, 1]
   * @return a changed copy
   * @throws IllegalArgumentException if the strength is out of range
   */
  public GenerationRequest withVariation(BufferedImage image, double strength) {
    return with(new GivenImage(image, Optional.empty(), strength));
  }

  /**
   * Asks for an image to be filled in. What {@link #withVariation} says of images given holds here
   * too.
   *
   * @param image any picture; it must not change while the request is in use
   * @param mask white where the image is filled in, black where it is kept, of the image's size; it
   *     must not change either
   * @return a changed copy
   * @throws IllegalArgumentException if the mask has another size than the image
   */
  public GenerationRequest withInpainting(BufferedImage image, BufferedImage mask) {
    return with(new GivenImage(image, Optional.of(mask), 1));
  }

  /**
   * Switches the protection on or off. Unprotected images may be copies of training images: they
   * are for comparisons, do not pass them on.
   *
   * @param on whether training images are guarded
   * @return a changed copy
   */
  public GenerationRequest withProtection(boolean on) {
    return with(new Delivery(on, delivery.traced, delivery.guarantee));
  }

  /**
   * Asks for {@link ProtectionReport#certaintyTrace()}. It is never recorded unasked: the certainty
   * tells members of the training set from strangers, so whoever sees it can test membership. For
   * audits by the party that holds the data.
   *
   * @param on whether it is recorded
   * @return a changed copy
   */
  public GenerationRequest withCertaintyTrace(boolean on) {
    return with(new Delivery(delivery.guarded, on, delivery.guarantee));
  }

  /**
   * Asks for a guarantee: every image is held against an index of the training images, and one that
   * is too close is generated again from another seed. If none is found within the tries allowed,
   * the request fails with {@link ProtectedImageException.Reason#TOO_CLOSE}. The index contains the
   * training images: this is for hosts of the party that holds them.
   *
   * @param index the index's file, made with {@code cpsample index}
   * @param maxTries how often an image is generated at most, at least 1
   * @return a changed copy
   */
  public GenerationRequest withGuarantee(Path index, int maxTries) {
    return with(
        new Delivery(
            delivery.guarded, delivery.traced, Optional.of(new Guarantee(index, maxTries))));
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
   * Number of sampler steps.
   *
   * @return the number, or empty for the model's default
   */
  public OptionalInt steps() {
    return sampling.steps;
  }

  /**
   * Name of the sampler.
   *
   * @return the name, or empty for the model's default
   */
  public Optional<String> sampler() {
    return sampling.sampler;
  }

  /**
   * Seed of the first image.
   *
   * @return the seed
   */
  public long seed() {
    return run.seed;
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
   * Class to generate.
   *
   * @return the label, or empty if none was given
   */
  public OptionalInt classLabel() {
    return sampling.classLabel;
  }

  /**
   * The image that is changed.
   *
   * @return image and mask, or empty to generate from noise alone
   */
  public Optional<GivenImage> given() {
    return sampling.given;
  }

  /**
   * Whether training images are guarded.
   *
   * @return true unless it was switched off
   */
  public boolean protection() {
    return delivery.guarded;
  }

  /**
   * Whether the certainty trace is recorded.
   *
   * @return false unless it was asked for
   */
  public boolean certaintyTrace() {
    return delivery.traced;
  }

  /**
   * The guarantee asked for.
   *
   * @return index and tries, or empty without one
   */
  public Optional<Guarantee> guarantee() {
    return delivery.guarantee;
  }

  private GenerationRequest with(GivenImage given) {
    return with(
        new Sampling(sampling.steps, sampling.sampler, sampling.classLabel, Optional.of(given)));
  }

  private GenerationRequest with(Sampling other) {
    return new GenerationRequest(count, other, run, delivery);
  }

  private GenerationRequest with(Run other) {
    return new GenerationRequest(count, sampling, other, delivery);
  }

  private GenerationRequest with(Delivery other) {
    return new GenerationRequest(count, sampling, run, other);
  }

  private static int atLeast(String name, int value, int least) {
    if (value < least) {
      throw new IllegalArgumentException(
          name + ": expected a number of at least " + least + ", found " + value);
    }
    return value;
  }
}
