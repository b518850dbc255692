package io.github.cpsample.sampling;

import java.util.concurrent.CancellationException;

/** Counts the steps of some work, tells its progress and obeys its cancellation. For one thread. */
public final class StepCounter {
  private final Progress progress;
  private int total;
  private int done;

  /**
   * Work that begins.
   *
   * @param progress is told that nothing is done yet
   * @param total how many steps there are, as far as is known
   */
  public StepCounter(Progress progress, int total) {
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
