package io.github.cpsample.tools.audit.figures;

/**
 * A way of sampling, and what it cost.
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
    double denoiserRowsPerImage,
    double classifierRowsPerImage,
    double gradientRowsPerImage,
    double secondsPerImage) {}
