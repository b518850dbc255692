package io.github.cpsample.benchmarks;

import io.github.cpsample.sampling.Progress;
import io.github.cpsample.sampling.ProtectedSampler;
import io.github.cpsample.sampling.SampleRequest;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;

/** Whether resident memory stays flat over many calls and over many samplers. */
public final class MemoryReport {

  /** The heap has its size from the start, so that what grows is native memory. */
  private static final List<String> FLAGS =
      List.of("-Xms256m", "-Xmx256m", "-XX:+AlwaysPreTouch", "-XX:+UseSerialGC");

  private static final int CALLS = 10_000;
  private static final int CYCLES = 1_000;
  private static final int PARTS = 10;

  private MemoryReport() {}

  /**
   * Prints both tables; best started with a heap of fixed size.
   *
   * @param arguments the share of the usual number of calls; none means 1
   */
  public static void main(String[] arguments) {
    Effort effort = Effort.of(arguments);
    if (ResidentSet.kibibytes().isEmpty()) {
      System.out.println("The resident set is read from /proc, which only Linux has.");
      return;
    }
    calls(System.out, effort.count(CALLS, PARTS));
    cycles(System.out, effort.count(CYCLES, PARTS));
  }

  /** Prints both tables from a JVM of their own. */
  static void runAlone(Effort effort) {
    JavaProcess.run(JavaProcess.of(FLAGS, MemoryReport.class, Double.toString(effort.share())));
  }

  private static void calls(PrintStream out, int calls) {
    try (ProtectedSampler sampler = new ShippedModel().sampler()) {
      measure(out, "sampling calls of one image, two steps, alpha 1/2", calls, () -> one(sampler));
    }
  }

  private static void cycles(PrintStream out, int cycles) {
    ShippedModel model = new ShippedModel();
    measure(
        out,
        "samplers opened, used and closed",
        cycles,
        () -> {
          try (ProtectedSampler sampler = model.sampler()) {
            one(sampler);
          }
        });
  }

  /** Of the two steps one lies in the guarded range, so all networks run. */
  private static void one(ProtectedSampler sampler) {
    sampler.sample(SampleRequest.of(1).withSteps(2).withAlpha(0.5), Progress.none());
  }

  private static void measure(PrintStream out, String what, int count, Runnable work) {
    MarkdownTable table = new MarkdownTable(out, "Resident set over " + what, "after", "MiB");
    List<Double> after = new ArrayList<>();
    List<Double> kibibytes = new ArrayList<>();
    for (int i = 1; i <= count; i++) {
      work.run();
      if (i * PARTS / count > (i - 1) * PARTS / count) {
        double resident = ResidentSet.kibibytes().orElseThrow();
        after.add((double) i);
        kibibytes.add(resident);
        table.row(i, MarkdownTable.number(resident / 1024, 1));
      }
    }
    int half = PARTS / 2;
    double slope = slope(after.subList(half, PARTS), kibibytes.subList(half, PARTS));
    out.println();
    out.printf("Slope over the second half: %s KiB each%n", MarkdownTable.number(slope, 3));
  }

  /** Least squares. */
  private static double slope(List<Double> x, List<Double> y) {
    double meanX = x.stream().mapToDouble(Double::doubleValue).average().orElseThrow();
    double meanY = y.stream().mapToDouble(Double::doubleValue).average().orElseThrow();
    double products = 0;
    double squares = 0;
    for (int i = 0; i < x.size(); i++) {
      products += (x.get(i) - meanX) * (y.get(i) - meanY);
      squares += (x.get(i) - meanX) * (x.get(i) - meanX);
    }
    return products / squares;
  }
}
