package io.github.cpsample.evaluation.calibration;

/** Follows a calibration, in the thread that works. */
public interface CalibrationProgress {

  /**
   * The work begins, or goes on.
   *
   * @param finishedBatches how many batches are in the log already
   */
  default void resumed(int finishedBatches) {}

  /**
   * A stage begins.
   *
   * @param text what is done, in one line
   */
  void stage(String text);

  /**
   * Some images were sampled, or found in the log.
   *
   * @param done images of this stage so far
   * @param atMost as many as it may become
   */
  void images(long done, long atMost);

  /**
   * Follows nothing.
   *
   * @return the progress
   */
  static CalibrationProgress none() {
    return new CalibrationProgress() {
      @Override
      public void stage(String text) {}

      @Override
      public void images(long done, long atMost) {}
    };
  }
}
