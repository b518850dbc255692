package io.github.cpsample.guard;

import io.github.cpsample.image.FloatImage;
import java.util.Objects;

/**
 * An image that passes.
 *
 * @param image the image; the one given if it passed as it was
 * @param tries how many tries it took; 0 if it passed as it was
 * @param strength the strength of the try that passed; 0 if there was none
 * @param seed the seed of the try that passed, or of the image if there was none
 * @param before the verdict on the image given
 * @param after the verdict on the image that passes
 */
public record Sanitized(
    FloatImage image,
    int tries,
    double strength,
    long seed,
    GuardVerdict before,
    GuardVerdict after) {

  /**
   * Checks that nothing is missing.
   *
   * @param image as the component says
   * @param tries as the component says
   * @param strength as the component says
   * @param seed as the component says
   * @param before as the component says
   * @param after as the component says
   */
  public Sanitized {
    Objects.requireNonNull(image, "image");
    Objects.requireNonNull(before, "before");
    Objects.requireNonNull(after, "after");
  }
}
