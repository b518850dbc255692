package io.github.cpsample.trainer.training;

import java.io.PrintStream;
import java.time.Duration;
import java.util.Locale;
import java.util.Objects;
import java.util.function.LongSupplier;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import org.jspecify.annotations.Nullable;

/** Shows training progress to a person: a bar on a terminal, a line now and then in a log. */
public final class ProgressBars {

  private static final long LINE_EVERY_NANOS = 30_000_000_000L;
  private static final String STARTED = "a run that was started";
  private static final double NANOS_PER_SECOND = 1e9;

  private ProgressBars() {}

  /**
   * What suits the output.
   *
   * @param out where to print; not closed
   * @param terminal whether {@code out} is a terminal
   * @return a bar with throughput and remaining time, or plain lines
   */
  public static TrainingProgress on(PrintStream out, boolean terminal) {
    return on(out, terminal, System::nanoTime);
  }

  /** The same with another clock, of nanoseconds. */
  static TrainingProgress on(PrintStream out, boolean terminal, LongSupplier clock) {
    return terminal ? new Bar(out, clock) : new Lines(out, clock);
  }

  private static final class Bar implements TrainingProgress {
    private final PrintStream out;
    private final LongSupplier clock;
    private @Nullable ProgressBar bar;
    private @Nullable TimeLeft left;
    private long start;
    private @Nullable ProgressBar preparation;

    Bar(PrintStream out, LongSupplier clock) {
      this.out = out;
      this.clock = clock;
    }

    @Override
    public void started(String what, long firstStep, TrainingBudget budget) {
      left = new TimeLeft(firstStep, budget);
      start = clock.getAsLong();
      bar =
          new ProgressBarBuilder()
              .setTaskName(what)
              .setInitialMax(budget.steps())
              .startsFrom(firstStep, Duration.ZERO)
              .setStyle(ProgressBarStyle.ASCII)
              .setUnit(" steps", 1)
              .showSpeed()
              .hideEta()
              .setConsumer(new ConsoleProgressBarConsumer(out))
              .build();
    }

    @Override
    public void advanced(long stepsDone, float loss, double imagesPerSecond) {
      ProgressBar shown = Objects.requireNonNull(bar, STARTED);
      shown.stepTo(stepsDone);
      shown.setExtraMessage(
          String.format(
              Locale.ROOT,
              " %s, loss %.4f, %.0f images/s",
              Objects.requireNonNull(left, STARTED)
                  .describe(stepsDone, (clock.getAsLong() - start) / NANOS_PER_SECOND),
              loss,
              imagesPerSecond));
    }

    @Override
    public void prepared(String made, long done, long total) {
      if (preparation == null) {
        preparation =
            new ProgressBarBuilder()
                .setTaskName(made)
                .setInitialMax(total)
                .setStyle(ProgressBarStyle.ASCII)
                .setConsumer(new ConsoleProgressBarConsumer(out))
                .build();
      }
      preparation.stepTo(done);
      if (done == total) {
        preparation.close();
        preparation = null;
      }
    }

    @Override
    public void finished() {
      Objects.requireNonNull(bar, STARTED).close();
    }
  }

  private static final class Lines implements TrainingProgress {
    private final PrintStream out;
    private final LongSupplier clock;
    private String what = "";
    private long planned;
    private @Nullable TimeLeft left;
    private long start;
    private long lastLine;
    private long lastPreparation = System.nanoTime();

    Lines(PrintStream out, LongSupplier clock) {
      this.out = out;
      this.clock = clock;
    }

    @Override
    public void started(String name, long firstStep, TrainingBudget budget) {
      what = name;
      planned = budget.steps();
      left = new TimeLeft(firstStep, budget);
      start = clock.getAsLong();
      lastLine = start;
    }

    @Override
    public void advanced(long stepsDone, float loss, double imagesPerSecond) {
      long now = clock.getAsLong();
      if (now - lastLine < LINE_EVERY_NANOS && stepsDone < planned) {
        return;
      }
      lastLine = now;
      out.printf(
          Locale.ROOT,
          "%s: step %d of %d, loss %.4f, %.0f images/s, %s%n",
          what,
          stepsDone,
          planned,
          loss,
          imagesPerSecond,
          Objects.requireNonNull(left, STARTED)
              .describe(stepsDone, (now - start) / NANOS_PER_SECOND));
    }

    @Override
    public void prepared(String made, long done, long total) {
      long now = System.nanoTime();
      if (done == total || now - lastPreparation >= LINE_EVERY_NANOS) {
        lastPreparation = now;
        out.printf(Locale.ROOT, "%s: %d of %d%n", made, done, total);
      }
    }

    @Override
    public void finished() {
      out.flush();
    }
  }

  /**
   * How long a run goes on at the pace it has had so far, which its budget of time may end before
   * its steps do. Immutable.
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
}
