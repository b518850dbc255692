package io.github.cpsample.tools.commands;

import io.github.cpsample.evaluation.calibration.CalibrationProgress;
import io.github.cpsample.tools.cli.ProgressDisplay;
import io.github.cpsample.tools.cli.Terminal;

/** Shows how far a calibration is: a line for every stage, and a display of its images. */
final class CalibrationDisplay implements CalibrationProgress, AutoCloseable {

  private final Terminal terminal;
  private ProgressDisplay display;

  CalibrationDisplay(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public void resumed(int finishedBatches) {
    if (finishedBatches > 0) {
      terminal.err().println("going on: " + finishedBatches + " batches are finished");
    }
  }

  @Override
  public void stage(String text) {
    close();
    terminal.err().println(text);
  }

  @Override
  public void images(long done, long atMost) {
    if (display == null) {
      display = terminal.progress("sampling", "images");
    }
    display.show(done, atMost);
  }

  @Override
  public void close() {
    if (display != null) {
      display.close();
      display = null;
    }
  }
}
