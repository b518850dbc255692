package io.github.cpsample.sampling;

import io.github.cpsample.base.Checks;
import io.github.cpsample.image.FloatImage;
import io.github.cpsample.image.ImageShape;
import java.util.List;

/** Checks of the images that a request brings along. */
final class GivenImages {
  /** Beyond this, values are no samples that overshoot [-1, 1] but of another scale. */
  private static final float FARTHEST = 4;

  private GivenImages() {}

  /**
   * Refuses images that samples cannot be made of.
   *
   * @param what what they are called in errors
   * @param images one for all samples or one for each
   * @param shape of the samples
   * @param count of the samples
   */
  static void requireFitting(String what, List<FloatImage> images, ImageShape shape, int count) {
    requireCount(what, images.size(), count);
    for (int i = 0; i < images.size(); i++) {
      String name = images.size() == 1 ? what : what + " " + i;
      requireShape(name, images.get(i).shape(), shape);
      for (float value : images.get(i).values()) {
        if (!(Math.abs(value) <= FARTHEST)) {
          throw new IllegalArgumentException(
              name + ": expected values about [-1, 1] (-1 black, 1 white), found " + value);
        }
      }
    }
  }

  /** Refuses a number that is neither one for all samples nor one for each. */
  static void requireCount(String what, int found, int count) {
    Checks.argument(
        found == 1 || found == count, what + "s", "1 or " + count + " (one per image)", found);
  }

  private static void requireShape(String name, ImageShape found, ImageShape expected) {
    if (!found.equals(expected)) {
      throw new IllegalArgumentException(
          name + ": expected " + text(expected) + ", found " + text(found) + "; convert it first");
    }
  }

  private static String text(ImageShape shape) {
    return (shape.channels() == 1 ? "a grey image" : "an RGB image")
        + " of "
        + shape.height()
        + " x "
        + shape.width()
        + " pixels (height x width)";
  }
}
