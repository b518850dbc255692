package io.github.cpsample.diffusion;

/**
 * What the steps of a sampler remember of each image.
 *
 * @param predictions how many of the last predictions, at least 0
 * @param samples how many images besides x, at least 0
 * @param variances whether steps read {@link SamplerState#variance}
 */
public record SamplerMemory(int predictions, int samples, boolean variances) {
  /** For samplers that remember nothing. */
  public static final SamplerMemory NONE = new SamplerMemory(0, 0);

  /**
   * Checks the ranges.
   *
   * @param predictions at least 0
   * @param samples at least 0
   * @param variances whether steps read the variances
   */
  public SamplerMemory {
    if (predictions < 0 || samples < 0) {
      throw new IllegalArgumentException(
          "predictions and samples: expected at least 0, found " + predictions + " and " + samples);
    }
  }

  /**
   * The memory of steps that do not read variances.
   *
   * @param predictions at least 0
   * @param samples at least 0
   */
  public SamplerMemory(int predictions, int samples) {
    this(predictions, samples, false);
  }

  /**
   * Whether steps use what earlier steps remembered, so that x may not be replaced by something
   * that those did not lead to.
   *
   * @return false where every step uses its own prediction alone
   */
  public boolean spansSteps() {
    return predictions > 1 || samples > 0;
  }
}
