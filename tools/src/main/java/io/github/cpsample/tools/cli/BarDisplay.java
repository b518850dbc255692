package io.github.cpsample.tools.cli;

import java.io.PrintStream;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;

/** A bar with speed and remaining time, drawn over itself. */
final class BarDisplay implements ProgressDisplay {

  private final PrintStream out;
  private final String what;
  private final String unit;
  private ProgressBar bar;

  BarDisplay(PrintStream out, String what, String unit) {
    this.out = out;
    this.what = what;
    this.unit = unit;
  }

  @Override
  public void show(long done, long total) {
    if (bar == null) {
      bar =
          new ProgressBarBuilder()
              .setTaskName(what)
              .setInitialMax(total)
              .setStyle(ProgressBarStyle.ASCII)
              .setUnit(" " + unit, 1)
              .showSpeed()
              .setConsumer(new ConsoleProgressBarConsumer(out))
              .build();
    }
    bar.maxHint(total);
    bar.stepTo(done);
  }

  @Override
  public void close() {
    if (bar != null) {
      bar.close();
      bar = null;
    }
  }
}
