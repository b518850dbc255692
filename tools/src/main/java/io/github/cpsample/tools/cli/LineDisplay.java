package io.github.cpsample.tools.cli;

import java.io.PrintStream;
import java.util.Locale;

/**
 * A line now and then, for logs. Work that ends soon prints nothing; time counts from the first
 * report.
 */
final class LineDisplay implements ProgressDisplay {

  private static final long LINE_EVERY_NANOS = 15_000_000_000L;

  private final PrintStream out;
  private final String what;
  private final String unit;
  private long start;
  private long doneAtStart;
  private long lastLine;
  private boolean begun;

  LineDisplay(PrintStream out, String what, String unit) {
    this.out = out;
    this.what = what;
    this.unit = unit;
  }

  @Override
  public void show(long done, long total) {
    long now = System.nanoTime();
    if (!begun) {
      begun = true;
      start = now;
      lastLine = now;
      doneAtStart = done;
    }
    if (done == doneAtStart || now - lastLine < LINE_EVERY_NANOS) {
      return;
    }
    lastLine = now;
    double secondsLeft = (now - start) / 1e9 / (done - doneAtStart) * (total - done);
    out.printf(
        Locale.ROOT, "%s: %d of %d %s, %.0f s to go%n", what, done, total, unit, secondsLeft);
  }

  @Override
  public void close() {
    out.flush();
  }
}
