package io.github.cpsample.plugin;

import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What to generate. Immutable: every setter-like method returns a changed copy. What is not set is
 * taken from the model (steps, sampler) or is: seed 0, batches of 16, protection on, no class
 * label, no certainty trace, no guarantee.
 *
 * <pre>{@code
 * GenerationRequest request = GenerationRequest.of(16).withSteps(50).withSeed(7);
 * }</pre>
 */
public final class GenerationRequest {
  private static final int DEFAULT_BATCH_SIZE = 16;

  private final Values values;

  /** The fields in one place, so that each change copies one record. */
  private record Values(
      int count,
      int steps,
      String sampler,
      long seed,
      int batchSize,
      int classLabel,
      boolean guarded,
      boolean traced,
      Guarantee guarantee) {}

  /**
   * The training images that no image may come too close to.
   *
   * @param index the index's file, made with {@code cpsample index}
   * @param maxTries how often an image is generated at most, at least 1
   */
  public record Guarantee(Path index, int maxTries) {
    /**
     * Checks the range.
     *
     * @param index as the component says
     * @param maxTries as the component says
     */
    public Guarantee {
      Objects.requireNonNull(index, "index");
      atLeast("maxTries", maxTries, 1);
    }
  }

  private GenerationRequest(Values values) {
    this.values = values;
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
        new Values(
            atLeast("count", count, 1), 0, null, 0L, DEFAULT_BATCH_SIZE, -1, true, false, null));
  }

  /**
   * Changes the number of sampler steps.
   *
   * @param steps at least 1 and at most the number of steps the model was trained with
   * @return a changed copy
   * @throws IllegalArgumentException if the number is below 1
   */
  public GenerationRequest withSteps(int steps) {
    atLeast("steps", steps, 1);
    Values v = values;
    return new GenerationRequest(
        new Values(
            v.count,
            steps,
            v.sampler,
            v.seed,
            v.batchSize,
            v.classLabel,
            v.guarded,
            v.traced,
            v.guarantee));
  }

  /**
   * Changes the sampler.
   *
   * @param sampler {@code ddim} or {@code ddpm}; a provider may know more
   * @return a changed copy
   */
  public GenerationRequest withSampler(String sampler) {
    Objects.requireNonNull(sampler, "sampler");
    Values v = values;
    return new GenerationRequest(
        new Values(
            v.count,
            v.steps,
            sampler,
            v.seed,
            v.batchSize,
            v.classLabel,
            v.guarded,
            v.traced,
            v.guarantee));
  }

  /**
   * Changes the seed.
   *
   * @param seed any number; image {@code i} is made from {@code seed + i}
   * @return a changed copy
   */
  public GenerationRequest withSeed(long seed) {
    Values v = values;
    return new GenerationRequest(
        new Values(
            v.count,
            v.steps,
            v.sampler,
            seed,
            v.batchSize,
            v.classLabel,
            v.guarded,
            v.traced,
            v.guarantee));
  }

  /**
   * Changes how many images are computed together; it changes memory and speed, not the images.
   *
   * @param batchSize at least 1
   * @return a changed copy
   * @throws IllegalArgumentException if the size is below 1
   */
  public GenerationRequest withBatchSize(int batchSize) {
    atLeast("batchSize", batchSize, 1);
    Values v = values;
    return new GenerationRequest(
        new Values(
            v.count,
            v.steps,
            v.sampler,
            v.seed,
            batchSize,
            v.classLabel,
            v.guarded,
            v.traced,
            v.guarantee));
  }

  /**
   * Asks for images of one class.
   *
   * @param classLabel at least 0 and below {@link ModelDescription#classes()}
   * @return a changed copy
   * @throws IllegalArgumentException if the label is negative
   */
  public GenerationRequest withClassLabel(int classLabel) {
    atLeast("classLabel", classLabel, 0);
    Values v = values;
    return new GenerationRequest(
        new Values(
            v.count,
            v.steps,
            v.sampler,
            v.seed,
            v.batchSize,
            classLabel,
            v.guarded,
            v.traced,
            v.guarantee));
  }

  /**
   * Switches the protection off, to compare. Unprotected images may be copies of training images:
   * do not pass them on.
   *
   * @return a changed copy
   */
  public GenerationRequest withoutProtection() {
    Values v = values;
    return new GenerationRequest(
        new Values(
            v.count,
            v.steps,
            v.sampler,
            v.seed,
            v.batchSize,
            v.classLabel,
            false,
            v.traced,
            v.guarantee));
  }

  /**
   * Asks for {@link ProtectionReport#certaintyTrace()}. It is never recorded unasked: the certainty
   * tells members of the training set from strangers, so whoever sees it can test membership. For
   * audits by the party that holds the data.
   *
   * @return a changed copy
   */
  public GenerationRequest withCertaintyTrace() {
    Values v = values;
    return new GenerationRequest(
        new Values(
            v.count,
            v.steps,
            v.sampler,
            v.seed,
            v.batchSize,
            v.classLabel,
            v.guarded,
            true,
            v.guarantee));
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
    Values v = values;
    return new GenerationRequest(
        new Values(
            v.count,
            v.steps,
            v.sampler,
            v.seed,
            v.batchSize,
            v.classLabel,
            v.guarded,
            v.traced,
            new Guarantee(index, maxTries)));
  }

  /**
   * Number of images.
   *
   * @return at least 1
   */
  public int count() {
    return values.count;
  }

  /**
   * Number of sampler steps.
   *
   * @return the number, or empty for the model's default
   */
  public OptionalInt steps() {
    return values.steps == 0 ? OptionalInt.empty() : OptionalInt.of(values.steps);
  }

  /**
   * Name of the sampler.
   *
   * @return the name, or empty for the model's default
   */
  public Optional<String> sampler() {
    return Optional.ofNullable(values.sampler);
  }

  /**
   * Seed of the first image.
   *
   * @return the seed
   */
  public long seed() {
    return values.seed;
  }

  /**
   * Images computed together.
   *
   * @return at least 1
   */
  public int batchSize() {
    return values.batchSize;
  }

  /**
   * Class to generate.
   *
   * @return the label, or empty if none was given
   */
  public OptionalInt classLabel() {
    return values.classLabel < 0 ? OptionalInt.empty() : OptionalInt.of(values.classLabel);
  }

  /**
   * Whether training images are guarded.
   *
   * @return true unless {@link #withoutProtection()} was called
   */
  public boolean protectionEnabled() {
    return values.guarded;
  }

  /**
   * Whether the certainty trace is recorded.
   *
   * @return false unless {@link #withCertaintyTrace()} was called
   */
  public boolean certaintyTraceRequested() {
    return values.traced;
  }

  /**
   * The guarantee asked for.
   *
   * @return index and tries, or empty without one
   */
  public Optional<Guarantee> guarantee() {
    return Optional.ofNullable(values.guarantee);
  }

  private static int atLeast(String name, int value, int least) {
    if (value < least) {
      throw new IllegalArgumentException(
          name + ": expected a number of at least " + least + ", found " + value);
    }
    return value;
  }
}
