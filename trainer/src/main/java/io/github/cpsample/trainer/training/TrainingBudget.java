package io.github.cpsample.trainer.training;

/**
 * When a run ends at the latest.
 *
 * @param steps planned updates; learning rate and rise are planned over them
 * @param seconds the most wall-clock seconds of one call, counted from its start; a run that this
 *     ends can be resumed
 */
public record TrainingBudget(long steps, long seconds) {

  public TrainingBudget {
    if (steps < 1 || seconds < 1) {
      throw new IllegalArgumentException(
          "Training budget: expected at least one step and one second, found "
              + steps
              + " steps and "
              + seconds
              + " seconds");
    }
  }

  /**
   * A budget of steps alone.
   *
   * @param steps planned updates
   * @return a budget without a time limit
   */
  public static TrainingBudget ofSteps(long steps) {
    return new TrainingBudget(steps, Long.MAX_VALUE / 1_000_000_000L);
  }
}
