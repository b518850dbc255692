package io.github.cpsample.tools.commands;

import io.github.cpsample.tools.cli.Terminal;
import java.nio.file.Path;
import java.util.Locale;

/**
 * How a training ended, said to its user.
 *
 * @param ended why: goal, steps, time or interrupted
 * @param steps steps done in all
 * @param images images trained on
 * @param broken images skipped
 * @param run the run's folder
 */
record TrainingEnd(String ended, long steps, int images, int broken, Path run) {

  /**
   * Prints it.
   *
   * @throws InterruptedException if the training was interrupted
   */
  static void report(TrainingEnd end, Terminal terminal) throws InterruptedException {
    if (end.ended.equals("interrupted")) {
      throw new InterruptedException(
          "the run in "
              + end.run
              + " stopped after step "
              + end.steps
              + " and goes on when the same command is given again");
    }
    terminal
        .out()
        .printf(
            Locale.ROOT,
            "%d steps in %s on %d images (%d broken ones skipped)%s%n",
            end.steps,
            end.run,
            end.images,
            end.broken,
            end.ended.equals("time")
                ? "; the time is over: give the same command again to go on"
                : "");
  }
}
