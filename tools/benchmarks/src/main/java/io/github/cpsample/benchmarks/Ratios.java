package io.github.cpsample.benchmarks;

/** All reports in one run. */
public final class Ratios {

  private Ratios() {}

  /**
   * Prints every table.
   *
   * @param arguments the share of the usual time; none means 1, about ten minutes
   */
  public static void main(String[] arguments) {
    Effort effort = Effort.of(arguments);
    GradientReport.print(System.out, effort);
    TrajectoryReport.print(System.out, effort);
    JavaShare.print(System.out, effort);
  }
}
