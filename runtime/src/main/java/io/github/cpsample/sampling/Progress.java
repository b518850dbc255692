package io.github.cpsample.sampling;

/**
 * Follows and cancels one request. Both methods are called in the thread that samples, between two
 * steps; an exception thrown from either ends the request and reaches the caller unchanged.
 */
@FunctionalInterface
public interface Progress {
  /**
   * Called before the first step and after every step.
   *
   * @param stepsDone calls of the denoiser so far
   * @param stepsTotal calls of the whole request: the steps of an image times the number of
   *     batches, where all images take as many
   */
  void onStep(int stepsDone, int stepsTotal);

  /**
   * Asked before every step.
   *
   * @return true to stop with a {@link java.util.concurrent.CancellationException}; false unless
   *     overridden
   */
  default boolean isCancelled() {
    return false;
  }

  /**
   * Follows nothing and never cancels.
   *
   * @return the progress
   */
  static Progress none() {
    return (stepsDone, stepsTotal) -> {};
  }
}
