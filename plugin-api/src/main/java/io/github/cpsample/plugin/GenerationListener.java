package io.github.cpsample.plugin;

/**
 * Follows and cancels one call of {@link ProtectedImageGenerator#generate}. Both methods are called
 * in the thread that generates, between two steps; {@link #isCancelled()} usually reads a volatile
 * flag that another thread sets. An exception thrown from either ends the generation and reaches
 * the caller unchanged.
 */
@FunctionalInterface
public interface GenerationListener {
  /**
   * Called before the first step and after every step.
   *
   * @param stepsDone steps done so far, over all batches of the request
   * @param stepsTotal steps of the whole request: sampler steps times number of batches
   */
  void onStep(int stepsDone, int stepsTotal);

  /**
   * Asked before every step.
   *
   * @return true to stop with {@link ProtectedImageException.Reason#CANCELLED}; false unless
   *     overridden
   */
  default boolean isCancelled() {
    return false;
  }

  /**
   * A listener that follows nothing and never cancels.
   *
   * @return the listener
   */
  static GenerationListener none() {
    return (stepsDone, stepsTotal) -> {};
  }
}
