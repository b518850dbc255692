package io.github.cpsample.sampling;

import io.github.cpsample.image.FloatImage;
import io.github.cpsample.image.ImageShape;
import java.util.List;

/**
 * Images to start from instead of from noise: image-to-image (Meng et al. 2022, SDEdit, arXiv
 * 2108.01073).
 *
 * @param images one for all samples, or one for each, of the model's shape, values about [-1, 1];
 *     copied
 * @param strength the share of the denoiser's calls that is made, in (0, 1]: the last {@code
 *     round(strength * calls)} of the plan, at least one; fewer where that falls inside of a step
 *     of several calls
 */
public record StartImages(List<FloatImage> images, double strength) {
  /**
   * Checks the ranges.
   *
   * @param images at least one
   * @param strength in (0, 1]
   */
  public StartImages {
    images = List.copyOf(images);
    if (images.isEmpty()) {
      throw new IllegalArgumentException("start images: expected at least one, found none");
    }
    if (!(strength > 0 && strength <= 1)) {
      throw new IllegalArgumentException(
          "strength: expected a number in (0, 1], found " + strength);
    }
  }

  /** The image that a sample starts from. */
  FloatImage of(int index) {
    return images.size() == 1 ? images.get(0) : images.get(index);
  }

  /** The same for one sample. */
  StartImages only(int index) {
    return new StartImages(List.of(of(index)), strength);
  }

  /** Refuses images that do not fit the samples. */
  void requireFitting(ImageShape shape, int count) {
    GivenImages.requireFitting("start image", images, shape, count);
  }
}
