package io.github.cpsample.sampling;

import java.util.concurrent.CancellationException;

/**
 * Counts the steps of a request, tells its progress and obeys its cancellation. Belongs to one
 * thread.
 */
final class Pace {
  private final Progress progress;
  private int total;
  private int done;

  Pace(Progress progress, int total) {
    this.progress = progress;
    this.total = total;
    progress.onStep(0, total);
  }

  void beforeStep() {
    if (progress.isCancelled() || Thread.currentThread().isInterrupted()) {
      throw new CancellationException("cancelled after " + done + " of " + total + " steps");
    }
  }

  /**
   * @param left how many steps are left as far as is known: rows that are sent back add some
   */
  void afterStep(int left) {
    done++;
    total = done + left;
    progress.onStep(done, total);
  }
}
