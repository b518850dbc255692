package io.github.cpsample.trainer.training;

import java.util.Locale;

/**
 * How long a run goes on at the pace it has had so far, which its budget of time may end before its
 * steps do. Immutable.
 *
 * @param firstStep steps that were done before this call
 * @param budget when the run ends at the latest
 */
record TimeLeft(long firstStep, TrainingBudget budget) {
  /**
   * The remaining seconds.
   *
   * @param stepsDone more than {@code firstStep}
   * @param elapsed seconds of this call
   */
  double seconds(long stepsDone, double elapsed) {
    return Math.max(0, Math.min(ofSteps(stepsDone, elapsed), budget.seconds() - elapsed));
  }

  /** The remaining seconds in words, and whether they are not enough for all steps. */
  String describe(long stepsDone, double elapsed) {
    boolean timeEnds = budget.seconds() - elapsed < ofSteps(stepsDone, elapsed);
    return String.format(
        Locale.ROOT,
        "%.0f s to go%s",
        seconds(stepsDone, elapsed),
        timeEnds ? " until the time is over" : "");
  }

  private double ofSteps(long stepsDone, double elapsed) {
    return elapsed / (stepsDone - firstStep) * (budget.steps() - stepsDone);
  }
}
