package io.github.cpsample.benchmarks;

import java.io.PrintStream;

/** How much of sampling is spent outside ONNX Runtime. */
public final class JavaShare {

  private static final double NANOS = 1e9;
  private static final double SECONDS_PER_BATCH = 15;

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
            "Protected DDIM-50: share of the time outside ONNX Runtime",
            "batch",
            "ms per step",
            "outside ONNX Runtime",
            "one standard deviation",
            "samples of the stack");
    ShippedModel model = new ShippedModel();
    for (int batch : Batches.ALL) {
      TrajectoryPlan plan = new TrajectoryPlan(model.manifest(), batch, TrajectoryPlan.STEPS);
      try (LibrarySampler sampler = new LibrarySampler(model, plan, request -> request)) {
        measure(table, batch, sampler, effort.seconds(SECONDS_PER_BATCH));
      }
    }
  }

  private static void measure(
      MarkdownTable table, int batch, LibrarySampler sampler, double seconds) {
    repeat(sampler, seconds / 5);
    long start = System.nanoTime();
    StackWatch watch = new StackWatch();
    int trajectories;
    try (watch) {
      trajectories = repeat(sampler, seconds);
    }
    double perStep = (System.nanoTime() - start) / NANOS / trajectories / TrajectoryPlan.STEPS;
    table.row(
        batch,
        MarkdownTable.millis(perStep),
        MarkdownTable.percent(watch.outside()),
        MarkdownTable.percent(watch.deviation()),
        watch.samples());
  }

  private static int repeat(LibrarySampler sampler, double seconds) {
    long start = System.nanoTime();
    int count = 0;
    do {
      sampler.result();
      count++;
    } while ((System.nanoTime() - start) / NANOS < seconds);
    return count;
  }
}
