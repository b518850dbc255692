package io.github.cpsample.trainer.training;

import io.github.cpsample.trainer.data.BatchLoader;
import io.github.cpsample.trainer.training.Optimization.StepResult;
import java.io.IOException;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Runs an optimisation to its end: steps, metrics, checkpoints, progress.
 *
 * <p>Stops at the planned number of steps, when the time is over, when its thread is interrupted,
 * or when a goal is reached, whichever is first; a checkpoint is written in every case.
 */
final class TrainingLoop {

  private static final int LOG_EVERY = 20;
  private static final long CHECKPOINT_NANOS = 60_000_000_000L;

  private final RunFolder folder;
  private final TrainingBudget budget;
  private final TrainingProgress progress;

  TrainingLoop(RunFolder folder, TrainingBudget budget, TrainingProgress progress) {
    this.folder = folder;
    this.budget = budget;
    this.progress = progress;
  }

  /** What is trained, in words, and how to tell that it is done before the budget is. */
  record Goal(String what, int checkEvery, Predicate<float[]> reached) {

    static Goal none(String what) {
      return new Goal(what, Integer.MAX_VALUE, weights -> false);
    }
  }

  /** Why a loop ended. */
  enum End {
    STEPS,
    TIME,
    GOAL,
    INTERRUPTED
  }

  /** How a loop ended. */
  @SuppressWarnings("ArrayRecordComponent") // a hand-over of megabytes, never compared
  record Outcome(End end, float[] averagedWeights, long steps, long repeats, double seconds) {}

  Outcome run(Optimization optimization, Goal goal) throws IOException {
    progress.started(goal.what(), optimization.stepsDone(), budget);
    Clock clock = new Clock();
    try (RunFolder.MetricsLog metrics = folder.metrics()) {
      End end = null;
      while (end == null) {
        end = advance(optimization, goal, clock, metrics);
      }
      folder.checkpoint(optimization.state());
      return new Outcome(
          end,
          optimization.averagedWeights(),
          optimization.stepsDone(),
          optimization.repeats(),
          clock.seconds());
    } finally {
      progress.finished();
    }
  }

  /** One step and what follows from it; null while the run goes on. */
  private @Nullable End advance(
      Optimization optimization, Goal goal, Clock clock, RunFolder.MetricsLog metrics)
      throws IOException {
    if (optimization.stepsDone() >= budget.steps()) {
      return End.STEPS;
    }
    StepResult result;
    try {
      result = optimization.step();
    } catch (BatchLoader.InterruptedWait e) {
      return End.INTERRUPTED;
    }
    double rate = clock.count(result.count());
    progress.advanced(optimization.stepsDone(), result.loss(), rate);
    if (result.step() % LOG_EVERY == 0) {
      metrics.write(result, rate, optimization.repeats());
    }
    if (clock.checkpointDue()) {
      folder.checkpoint(optimization.state());
    }
    if (optimization.stepsDone() % goal.checkEvery() == 0
        && goal.reached().test(optimization.averagedWeights())) {
      return End.GOAL;
    }
    if (Thread.currentThread().isInterrupted()) {
      return End.INTERRUPTED;
    }
    return clock.seconds() >= budget.seconds() ? End.TIME : null;
  }

  /** Counts images and time of one call. */
  private static final class Clock {
    private final long start = System.nanoTime();
    private long lastCheckpoint = start;
    private long images;

    double count(int more) {
      images += more;
      return images / seconds();
    }

    double seconds() {
      return (System.nanoTime() - start) / 1e9;
    }

    boolean checkpointDue() {
      long now = System.nanoTime();
      if (now - lastCheckpoint < CHECKPOINT_NANOS) {
        return false;
      }
      lastCheckpoint = now;
      return true;
    }
  }
}
