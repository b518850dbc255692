package io.github.cpsample.evaluation.calibration;

import io.github.cpsample.base.Checks;
import java.util.List;

/**
 * What came of a block of seeds.
 *
 * @param firstSeed the first of them
 * @param images one result per seed
 * @param denoiserRows passes through the denoiser, one per image and step; steps that were repeated
 *     count every time
 * @param classifierRows passes through the classifier, one per image and step
 * @param seconds wall-clock time of sampling
 */
public record BatchResult(
    long firstSeed,
    List<ImageResult> images,
    long denoiserRows,
    long classifierRows,
    double seconds) {

  public BatchResult {
    images = List.copyOf(images);
    Checks.argument(
        !images.isEmpty() && denoiserRows >= 1 && seconds > 0,
        "batch",
        "at least one image, one step and a time above 0",
        images.size()
            + " images, "
            + denoiserRows
            + " rows through the denoiser, "
            + seconds
            + " s");
  }
}
