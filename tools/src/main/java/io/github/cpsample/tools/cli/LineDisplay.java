package io.github.cpsample.tools.cli;

import java.io.PrintStream;
import java.util.Locale;

/** A line now and then, for logs. Work that ends soon prints nothing. */
final class LineDisplay implements ProgressDisplay {

  private static final long LINE_EVERY_NANOS = 15_000_000_000L;

  private final PrintStream out;
  private final String what;
  private final String unit;
  private final long start = System.nanoTime();
  private long lastLine = start;

  LineDisplay(PrintStream out, String what, String unit) {
    this.out = out;
    this.what = what;
    this.unit = unit;
  }

  @Override
  public void show(long done, long total) {
    long now = System.nanoTime();
    if (done == 0 || now - lastLine < LINE_EVERY_NANOS) {
      return;
    }
    lastLine = now;
    double secondsLeft = (now - start) / 1e9 / done * (total - done);
    out.printf(
        Locale.ROOT, "%s: %d of %d %s, %.0f s to go%n", what, done, total, unit, secondsLeft);
  }

  @Override
  public void close() {
    out.flush();
  }
}
