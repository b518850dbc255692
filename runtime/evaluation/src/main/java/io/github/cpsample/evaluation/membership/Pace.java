package io.github.cpsample.evaluation.membership;

import io.github.cpsample.sampling.Progress;
import java.util.concurrent.CancellationException;

/** Counts what a stage has done. */
final class Pace {

  private final Progress progress;
  private final int total;
  private int done;

  Pace(Progress progress, int total) {
    this.progress = progress;
    this.total = total;
    progress.onStep(0, total);
  }

  /**
   * Some more are done.
   *
   * @throws CancellationException if the work is to stop
   */
  void add(int more) {
    done += more;
    progress.onStep(done, total);
    if (progress.isCancelled()) {
      throw new CancellationException("cancelled after " + done + " of " + total);
    }
  }
}
