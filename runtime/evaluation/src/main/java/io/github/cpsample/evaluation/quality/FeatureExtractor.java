package io.github.cpsample.evaluation.quality;

/** Turns images into the vectors in which their distribution is compared. */
@FunctionalInterface
public interface FeatureExtractor {

  /**
   * The features of some images.
   *
   * @param images one image per row, [C,H,W] row-major, values in [-1,1]; not modified
   * @return one vector per image
   */
  double[][] of(float[][] images);
}
