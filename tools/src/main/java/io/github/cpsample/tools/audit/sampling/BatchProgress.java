package io.github.cpsample.tools.audit.sampling;

import io.github.cpsample.sampling.Progress;

/**
 * Tells the steps of one batch after the other as the steps of all of them. Belongs to one thread.
 */
final class BatchProgress implements Progress {

  private final Progress whole;
  private final int batches;
  private int finished;

  BatchProgress(Progress whole, int count, int batchSize) {
    this.whole = whole;
    this.batches = (count + batchSize - 1) / batchSize;
  }

  @Override
  public void onStep(int stepsDone, int stepsTotal) {
    whole.onStep(finished * stepsTotal + stepsDone, batches * stepsTotal);
  }

  @Override
  public boolean isCancelled() {
    return whole.isCancelled();
  }

  /** The next batch begins. */
  void next() {
    finished++;
  }
}
