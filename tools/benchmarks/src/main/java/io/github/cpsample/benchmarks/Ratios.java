package io.github.cpsample.benchmarks;

import java.io.PrintStream;

/** Every report in one run, in the tables that docs/studies/benchmarks.md holds. */
public final class Ratios {

  private Ratios() {}

  /**
   * Prints every table.
   *
   * @param arguments the share of the usual time; none means 1, about ten minutes
   */
  public static void main(String[] arguments) {
    Effort effort = Effort.of(arguments);
    PrintStream out = System.out;
    MachineReport.print(out);
    GradientReport.print(out, effort);
    TrajectoryReport.print(out, effort);
    JavaShare.print(out, effort);
    ThroughputReport.print(out, effort);
    ColdStart.print(out, effort);
    MemoryReport.runAlone(effort);
  }
}
