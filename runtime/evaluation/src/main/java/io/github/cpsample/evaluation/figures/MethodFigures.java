package io.github.cpsample.evaluation.figures;

import org.jspecify.annotations.Nullable;

/**
 * A way of sampling, and what it cost. The cost of seeds without image is borne by the images; it
 * is null where a method delivered none.
 *
 * @param name in the other figures
 * @param title for people
 * @param settings in words
 * @param seeds how many it began with
 * @param images how many it delivered
 * @param denoiserRowsPerImage passes through the denoiser per delivered image
 * @param classifierRowsPerImage passes through the classifier
 * @param gradientRowsPerImage gradients of the classifier
 * @param secondsPerImage wall-clock time, search in the training images included where the method
 *     needs it
 */
public record MethodFigures(
    String name,
    String title,
    String settings,
    int seeds,
    int images,
    @Nullable Double denoiserRowsPerImage,
    @Nullable Double classifierRowsPerImage,
    @Nullable Double gradientRowsPerImage,
    @Nullable Double secondsPerImage) {

  /** The name of sampling without protection. */
  public static final String UNPROTECTED = "unprotected";

  /** The name of the method that is audited. */
  public static final String PROTECTED = "cpsample";
}
