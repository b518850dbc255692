package io.github.cpsample.evaluation.figures;

import io.github.cpsample.evaluation.statistics.ProportionInterval;
import io.github.cpsample.image.ReplicaRule;
import java.util.List;

/**
 * A set of images held against the training set.
 *
 * @param matches one per image, in order, at least one
 */
public record ReplicaReport(List<ReplicaRule.Match> matches) {

  public ReplicaReport {
    matches = List.copyOf(matches);
    if (matches.isEmpty()) {
      throw new IllegalArgumentException("matches: expected at least one image, found none");
    }
  }

  /**
   * The images that are replicas, each with its training image.
   *
   * @return the pairs, in order
   */
  public List<ReplicaRule.Match> replicas() {
    return matches.stream().filter(ReplicaRule.Match::replica).toList();
  }

  /**
   * The share of replicas.
   *
   * @return in {@code [0, 1]}
   */
  public double rate() {
    return (double) replicas().size() / matches.size();
  }

  /**
   * How well the number of images pins down the share of replicas.
   *
   * @return a 95 % interval
   */
  public ProportionInterval interval() {
    return ProportionInterval.wilson95(replicas().size(), matches.size());
  }
}
