package io.github.cpsample.trainer.training;

/** Is told how a training run gets on. Called from the training thread. */
public interface TrainingProgress {

  /**
   * A run begins or resumes.
   *
   * @param what what is trained
   * @param firstStep steps already done
   * @param budget when it ends at the latest
   */
  void started(String what, long firstStep, TrainingBudget budget);

  /**
   * A step was applied.
   *
   * @param stepsDone steps applied so far
   * @param loss the loss of this step
   * @param imagesPerSecond throughput since the start of this call
   */
  void advanced(long stepsDone, float loss, double imagesPerSecond);

  /**
   * Something that is made before a run got on.
   *
   * @param what what is made
   * @param done how many are made; all when this equals {@code total}
   * @param total how many shall be
   */
  default void prepared(String what, long done, long total) {}

  /** The run is over, well or not. */
  void finished();

  /**
   * Tells nobody.
   *
   * @return a progress that does nothing
   */
  static TrainingProgress none() {
    return new TrainingProgress() {
      @Override
      public void started(String what, long firstStep, TrainingBudget budget) {}

      @Override
      public void advanced(long stepsDone, float loss, double imagesPerSecond) {}

      @Override
      public void finished() {}
    };
  }
}
