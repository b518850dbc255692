package io.github.cpsample.guard;

import io.github.cpsample.image.FloatImage;
import java.util.List;

/**
 * Looks at finished images and says which must not be passed on. Implementations are thread-safe.
 */
public interface ImageCheck {

  /**
   * Checks images.
   *
   * @param images images of the model's shape, values about [-1, 1]
   * @return one verdict per image, in order
   * @throws IllegalArgumentException if an image has another shape or a value is not finite
   */
  List<GuardVerdict> check(List<FloatImage> images);
}
