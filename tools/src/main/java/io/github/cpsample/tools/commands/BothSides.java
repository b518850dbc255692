package io.github.cpsample.tools.commands;

import io.github.cpsample.sampling.Progress;
import io.github.cpsample.tools.cli.ProgressDisplay;

/** Shows two samplings of equal length, one after the other, as one piece of work. */
final class BothSides implements Progress {

  private final ProgressDisplay display;
  private boolean firstIsDone;

  BothSides(ProgressDisplay display) {
    this.display = display;
  }

  @Override
  public void onStep(int stepsDone, int stepsTotal) {
    display.show((firstIsDone ? stepsTotal : 0) + (long) stepsDone, 2L * stepsTotal);
    firstIsDone |= stepsDone == stepsTotal;
  }
}
