package io.github.cpsample.evaluation.comparators;

import io.github.cpsample.sampling.Progress;

/**
 * Tells the steps of one batch after the other as the steps of all of them. Belongs to one thread.
 */
public final class BatchProgress implements Progress {

  private final Progress whole;
  private final int batches;
  private int finished;

  /**
   * Of batches that have equally many steps.
   *
   * @param whole is told the steps of all of them
   * @param batches how many
   */
  public BatchProgress(Progress whole, int batches) {
    this.whole = whole;
    this.batches = batches;
  }

  /** Of as many batches as some images need. */
  static BatchProgress of(Progress whole, int count, int batchSize) {
    return new BatchProgress(whole, (count + batchSize - 1) / batchSize);
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
  public void next() {
    finished++;
  }
}
