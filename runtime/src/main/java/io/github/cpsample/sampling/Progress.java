package io.github.cpsample.sampling;

import java.util.concurrent.CancellationException;

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

  /**
   * Counts the steps of some work, tells its progress and obeys its cancellation. For one thread.
   */
  final class Counter {
    private final Progress progress;
    private int total;
    private int done;

    /**
     * Work that begins.
     *
     * @param progress is told that nothing is done yet
     * @param total how many steps there are, as far as is known
     */
    public Counter(Progress progress, int total) {
      this.progress = progress;
      this.total = total;
      progress.onStep(0, total);
    }

    /**
     * Asks whether to go on.
     *
     * @throws CancellationException if the progress is cancelled or the thread is interrupted
     */
    public void beforeStep() {
      if (progress.isCancelled() || Thread.currentThread().isInterrupted()) {
        throw new CancellationException("cancelled after " + done + " of " + total + " steps");
      }
    }

    /**
     * Some more steps are done.
     *
     * @param more how many
     */
    public void afterSteps(int more) {
      done += more;
      progress.onStep(done, total);
    }

    /**
     * One more is done, and as many are left as far as is known: rows that are sent back add some.
     */
    void afterStep(int left) {
      total = done + 1 + left;
      afterSteps(1);
    }
  }
}
