package io.github.cpsample.tools.cli;

import java.io.PrintStream;
import java.util.Locale;
import java.util.Objects;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import org.jspecify.annotations.Nullable;

/**
 * Where a command prints.
 *
 * @param out results, for people and pipes
 * @param err messages and progress
 * @param interactive whether {@code err} is a terminal on which a bar can be drawn
 */
public record Terminal(PrintStream out, PrintStream err, boolean interactive) {

  /** Set to true or false by the launcher, which knows; overrides the guess. */
  static final String PROPERTY = "cpsample.terminal";

  public Terminal {
    Objects.requireNonNull(out, "out");
    Objects.requireNonNull(err, "err");
  }

  /**
   * The streams of this process.
   *
   * @return a bar is drawn if the launcher says that the error stream is a terminal
   */
  public static Terminal system() {
    return new Terminal(System.out, System.err, Boolean.getBoolean(PROPERTY));
  }

  /**
   * Shows how far some work is.
   *
   * @param what the work, in a word or two
   * @param unit what is counted, in the plural
   * @return a display that the caller closes: a bar on a terminal, else a line now and then
   */
  public ProgressDisplay progress(String what, String unit) {
    return interactive ? new BarDisplay(err, what, unit) : new LineDisplay(err, what, unit);
  }

  /**
   * A line now and then, for logs. Work that ends soon prints nothing; time counts from the first
   * report.
   */
  private static final class LineDisplay implements ProgressDisplay {

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

  /** A bar with speed and remaining time, drawn over itself. */
  private static final class BarDisplay implements ProgressDisplay {

    private final PrintStream out;
    private final String what;
    private final String unit;
    private @Nullable ProgressBar bar;

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
}
