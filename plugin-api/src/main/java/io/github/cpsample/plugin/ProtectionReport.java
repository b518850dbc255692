package io.github.cpsample.plugin;

import java.util.List;
import java.util.Optional;

/**
 * What the protection did to one image. Shows no certainty unless the request asked for it: the
 * certainty of the classifier is a membership test (see {@link
 * GenerationRequest#withCertaintyTrace}).
 */
public interface ProtectionReport {
  /**
   * The seed that made this image: the request's seed plus the image's position, unless a guarantee
   * had it made again from another seed.
   *
   * @return the seed
   */
  long seed();

  /**
   * Whether the protection was on.
   *
   * @return true unless the request switched it off
   */
  boolean protectionEnabled();

  /**
   * Sampler steps that the image went through.
   *
   * @return at least 1
   */
  int steps();

  /**
   * Steps in which the classifier was certain and the image was steered away from what it
   * recognised.
   *
   * @return between 0 and {@link #steps()}; 0 with the protection off
   */
  int guardedSteps();

  /**
   * How often the image was noised back and denoised again, because it was on its way to a training
   * image.
   *
   * @return at least 0; 0 with the protection off, and for providers that never do it
   */
  default int returns() {
    return 0;
  }

  /**
   * How often the finished image was recognised and made anew from the same seed.
   *
   * @return at least 0; 0 with the protection off, and for providers that never do it
   */
  default int redos() {
    return 0;
  }

  /**
   * Whether the classifier still recognises the finished image after all that was allowed: it may
   * be a copy of a training image and should not be passed on.
   *
   * @return false if it does not, or if the model does not look at finished images
   */
  default boolean recognised() {
    return false;
  }

  /**
   * How often the image was generated before it was far enough from all training images.
   *
   * @return 1 unless the request asked for a guarantee and it was needed
   */
  default int tries() {
    return 1;
  }

  /**
   * Certainty of the classifier about the noised image, from 1/2 (knows nothing) to 1 (certain):
   * the geometric mean over the bits of its code, for every step in which it was asked, in the
   * order of the steps.
   *
   * @return an immutable list, or empty unless the request asked for it
   */
  Optional<List<Double>> certaintyTrace();
}
