package io.github.cpsample.trainer.training;

import java.io.PrintStream;
import java.time.Duration;
import java.util.Locale;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;

/** Shows training progress to a person: a bar on a terminal, a line now and then in a log. */
public final class ProgressBars {

  private static final long LINE_EVERY_NANOS = 30_000_000_000L;

  private ProgressBars() {}

  /**
   * What suits the output.
   *
   * @param out where to print; not closed
   * @param terminal whether {@code out} is a terminal
   * @return a bar with throughput and remaining time, or plain lines
   */
  public static TrainingProgress on(PrintStream out, boolean terminal) {
    return terminal ? new Bar(out) : new Lines(out);
  }

  private static final class Bar implements TrainingProgress {
    private final PrintStream out;
    private ProgressBar bar;
    private ProgressBar preparation;

    Bar(PrintStream out) {
      this.out = out;
    }

    @Override
    public void started(String what, long firstStep, long plannedSteps) {
      bar =
          new ProgressBarBuilder()
              .setTaskName(what)
              .setInitialMax(plannedSteps)
              .startsFrom(firstStep, Duration.ZERO)
              .setStyle(ProgressBarStyle.ASCII)
              .setUnit(" steps", 1)
              .showSpeed()
              .setConsumer(new ConsoleProgressBarConsumer(out))
              .build();
    }

    @Override
    public void advanced(long stepsDone, float loss, double imagesPerSecond) {
      bar.stepTo(stepsDone);
      bar.setExtraMessage(
          String.format(Locale.ROOT, " loss %.4f, %.0f images/s", loss, imagesPerSecond));
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
      bar.close();
    }
  }

  private static final class Lines implements TrainingProgress {
    private final PrintStream out;
    private String what;
    private long planned;
    private long first;
    private long start;
    private long lastLine;
    private long lastPreparation = System.nanoTime();

    Lines(PrintStream out) {
      this.out = out;
    }

    @Override
    public void started(String name, long firstStep, long plannedSteps) {
      what = name;
      first = firstStep;
      planned = plannedSteps;
      start = System.nanoTime();
      lastLine = start;
    }

    @Override
    public void advanced(long stepsDone, float loss, double imagesPerSecond) {
      long now = System.nanoTime();
      if (now - lastLine < LINE_EVERY_NANOS && stepsDone < planned) {
        return;
      }
      lastLine = now;
      double remaining = (now - start) / 1e9 / (stepsDone - first) * (planned - stepsDone);
      out.printf(
          Locale.ROOT,
          "%s: step %d of %d, loss %.4f, %.0f images/s, %.0f s to go%n",
          what,
          stepsDone,
          planned,
          loss,
          imagesPerSecond,
          remaining);
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
}
