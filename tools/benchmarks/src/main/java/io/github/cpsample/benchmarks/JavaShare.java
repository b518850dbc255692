package io.github.cpsample.benchmarks;

import java.io.PrintStream;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * How much of sampling is spent outside ONNX Runtime: trajectories against the bare calls that they
 * consist of, in turns. Both kinds of trajectory make the same calls whatever the images are.
 */
public final class JavaShare {

  private static final double SECONDS_PER_BATCH = 30;

  private JavaShare() {}

  /**
   * Prints the table.
   *
   * @param arguments the share of the usual time; none means 1
   */
  public static void main(String[] arguments) {
    print(System.out, Effort.of(arguments));
  }

  static void print(PrintStream out, Effort effort) {
    MarkdownTable table =
        new MarkdownTable(
            out,
            "DDIM-50: share of the time outside ONNX Runtime",
            "batch",
            "unprotected, ms per step",
            "outside ONNX Runtime",
            "alpha 1/2, ms per step",
            "outside ONNX Runtime",
            "rounds");
    ShippedModel model = new ShippedModel();
    for (int batch : Batches.ALL) {
      TrajectoryPlan plan = new TrajectoryPlan(model.manifest(), batch, TrajectoryPlan.STEPS);
      try (LibrarySampler free =
              new LibrarySampler(model, plan, request -> request.withProtection(false));
          LibrarySampler guarded =
              new LibrarySampler(model, plan, request -> request.withAlpha(0.5));
          BareRuns bare = new BareRuns(model, plan)) {
        Map<String, Runnable> turns = new LinkedHashMap<>();
        turns.put("free", free::result);
        turns.put("bare free", bare::unprotectedRuns);
        turns.put("guarded", guarded::result);
        turns.put("bare guarded", bare::guardedRuns);
        row(table, batch, Interleaved.measure(effort.seconds(SECONDS_PER_BATCH), turns));
      }
    }
  }

  private static void row(MarkdownTable table, int batch, Interleaved times) {
    table.row(
        batch,
        MarkdownTable.millis(times.median("free") / TrajectoryPlan.STEPS),
        MarkdownTable.percent(1 - times.ratio("bare free", "free")),
        MarkdownTable.millis(times.median("guarded") / TrajectoryPlan.STEPS),
        MarkdownTable.percent(1 - times.ratio("bare guarded", "guarded")),
        times.rounds());
  }
}
