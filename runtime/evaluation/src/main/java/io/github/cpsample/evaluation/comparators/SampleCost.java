package io.github.cpsample.evaluation.comparators;

/**
 * What an image cost. Where images are made in batches, each bears an equal share of the
 * classifier's passes and of the seconds, also of those of images that take longer than others.
 *
 * @param denoiserRows images passed through the denoiser, counted once per step
 * @param classifierRows images passed through the classifier, counted once per step
 * @param gradientRows gradients of the classifier
 * @param seconds wall-clock time
 */
public record SampleCost(
    long denoiserRows, long classifierRows, long gradientRows, double seconds) {

  /** Nothing. */
  public static final SampleCost NONE = new SampleCost(0, 0, 0, 0);

  /**
   * Two costs as one.
   *
   * @param other another cost
   * @return the sums
   */
  public SampleCost plus(SampleCost other) {
    return new SampleCost(
        denoiserRows + other.denoiserRows,
        classifierRows + other.classifierRows,
        gradientRows + other.gradientRows,
        seconds + other.seconds);
  }
}
