package io.github.cpsample.benchmarks;

import io.github.cpsample.sampling.SampleResult;
import java.io.PrintStream;
import java.util.LinkedHashMap;
import java.util.Map;

/** A batch of images by DDIM-50: what protection costs, and what it costs elsewhere. */
final class TrajectoryReport {

  private static final double SECONDS_PER_BATCH = 60;

  private TrajectoryReport() {}

  static void print(PrintStream out, Effort effort) {
    MarkdownTable times =
        new MarkdownTable(
            out,
            "DDIM-50, ms per batch of images; the other columns are ratios of times",
            "batch",
            "unprotected, ms",
            "protected, ms",
            "protected / unprotected",
            "alpha 1/2 / unprotected",
            "straightforward / unprotected",
            "straightforward / protected",
            "one graph per step / protected",
            "one graph / separate, alpha 1/2",
            "PyTorch, ms",
            "PyTorch / protected",
            "guarded rows of all",
            "rounds");
    for (int batch : TrajectoryPlan.Batches.ALL) {
      try (TrajectorySides sides = new TrajectorySides(batch, TrajectoryPlan.STEPS)) {
        row(times, batch, measure(sides, effort), sides.totals());
      }
    }
  }

  private static Interleaved measure(TrajectorySides sides, Effort effort) {
    Map<String, Runnable> turns = new LinkedHashMap<>();
    turns.put("unprotected", sides.unprotected()::sample);
    turns.put("protected", sides.standard()::sample);
    turns.put("always", sides.always()::sample);
    turns.put("straightforward", sides.straightforward()::sample);
    turns.put("graph", sides.oneGraph()::sample);
    turns.put("always graph", sides.alwaysOneGraph()::sample);
    turns.put("torch", sides.torch()::sample);
    return Interleaved.measure(effort.seconds(SECONDS_PER_BATCH), turns);
  }

  private static void row(
      MarkdownTable table, int batch, Interleaved times, SampleResult.Totals totals) {
    table.row(
        batch,
        MarkdownTable.millis(times.median("unprotected")),
        MarkdownTable.millis(times.median("protected")),
        MarkdownTable.ratio(times.ratio("protected", "unprotected")),
        MarkdownTable.ratio(times.ratio("always", "unprotected")),
        MarkdownTable.ratio(times.ratio("straightforward", "unprotected")),
        MarkdownTable.ratio(times.ratio("straightforward", "protected")),
        MarkdownTable.ratio(times.ratio("graph", "protected")),
        MarkdownTable.ratio(times.ratio("always graph", "always")),
        MarkdownTable.millis(times.median("torch")),
        MarkdownTable.ratio(times.ratio("torch", "protected")),
        MarkdownTable.percent((double) totals.gradientRows() / batch / TrajectoryPlan.STEPS),
        times.rounds());
  }
}
