package io.github.cpsample.tools.calibration;

import java.util.List;

/**
 * What came of a block of seeds.
 *
 * @param firstSeed the first of them
 * @param images one result per seed
<<<<<<< HEAD
=======
 * @param denoiserRows passes through the denoiser, one per image and step; steps that were repeated
 *     count every time
>>>>>>> commands
 * @param classifierRows passes through the classifier, one per image and step
 * @param seconds wall-clock time of sampling
 */
public record BatchResult(
<<<<<<< HEAD
    long firstSeed, List<ImageResult> images, long classifierRows, double seconds) {
=======
    long firstSeed,
    List<ImageResult> images,
    long denoiserRows,
    long classifierRows,
    double seconds) {
>>>>>>> commands

  /**
   * Copies the results.
   *
   * @param firstSeed any
   * @param images at least one
<<<<<<< HEAD
=======
   * @param denoiserRows at least 1
>>>>>>> commands
   * @param classifierRows at least 0
   * @param seconds above 0
   */
  public BatchResult {
    images = List.copyOf(images);
<<<<<<< HEAD
    if (images.isEmpty() || !(seconds > 0)) {
=======
    if (images.isEmpty() || denoiserRows < 1 || !(seconds > 0)) {
>>>>>>> commands
      throw new IllegalArgumentException(
          "batch: expected at least one image and a time above 0, found "
              + images.size()
              + " images, "
<<<<<<< HEAD
=======
              + denoiserRows
              + " rows through the denoiser, "
>>>>>>> commands
              + seconds
              + " s");
    }
  }
}
