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
 * @param sampledOn what made its images, wholly or in part, and took the seconds, where that is not
 *     what made the rest of the report; null otherwise
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
    @Nullable Double secondsPerImage,
    @Nullable String sampledOn) {

  /** The name of sampling without protection. */
  public static final String UNPROTECTED = "unprotected";

  /** The name of the method that is audited. */
  public static final String PROTECTED = "cpsample";

  /**
   * Says what made the images.
   *
   * @param place such as the name of a cluster
   * @return a changed copy
   */
  public MethodFigures withSampledOn(String place) {
    return new MethodFigures(
        name,
        title,
        settings,
        seeds,
        images,
        denoiserRowsPerImage,
        classifierRowsPerImage,
        gradientRowsPerImage,
        secondsPerImage,
        place);
  }
}
