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
 * @param strengths the share of the denoiser's calls that is made, one for all samples or one for
 *     each, in (0, 1]: the last {@code round(strength * calls)} of the plan, at least one; fewer
 *     where that falls inside of a step of several calls; copied
 */
public record StartImages(List<FloatImage> images, List<Double> strengths) {
  public StartImages {
    images = List.copyOf(images);
    strengths = List.copyOf(strengths);
    if (images.isEmpty() || strengths.isEmpty()) {
      throw new IllegalArgumentException(
          "start images: expected at least one and a strength, found "
              + images.size()
              + " and "
              + strengths.size());
    }
    for (double strength : strengths) {
      if (!(strength > 0 && strength <= 1)) {
        throw new IllegalArgumentException(
            "strength: expected a number in (0, 1], found " + strength);
      }
    }
  }

  /**
   * Images that all go the same way.
   *
   * @param images one for all samples, or one for each
   * @param strength the share of the denoiser's calls that is made, in (0, 1]
   */
  public StartImages(List<FloatImage> images, double strength) {
    this(images, List.of(strength));
  }

  /** The image that a sample starts from. */
  FloatImage of(int index) {
    return images.size() == 1 ? images.get(0) : images.get(index);
  }

  /** The same for one sample. */
  StartImages only(int index) {
    return new StartImages(List.of(of(index)), strengthOf(index));
  }

  /** The share of the denoiser's calls that is made for a sample. */
  double strengthOf(int index) {
    return strengths.size() == 1 ? strengths.get(0) : strengths.get(index);
  }

  /** Refuses images that do not fit the samples. */
  void requireFitting(ImageShape shape, int count) {
    GivenImages.requireFitting("start image", images, shape, count);
    GivenImages.requireCount("strength", strengths.size(), count);
  }
}
