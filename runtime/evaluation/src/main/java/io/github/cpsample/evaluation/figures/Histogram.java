package io.github.cpsample.evaluation.figures;

import java.util.List;

/**
 * How often a measurement fell between two edges, as shares of each set's size.
 *
 * @param edges of the bins, ascending, one more than bins; what lies outside counts in the outer
 *     bins
 * @param sets one per set that was measured
 */
public record Histogram(List<Double> edges, List<Bars> sets) {

  /**
   * The bars of one set.
   *
   * @param name of a sampling method, or {@code held-out}
   * @param shares of the set, one per bin, with sum 1
   */
  public record Bars(String name, List<Double> shares) {}
}
