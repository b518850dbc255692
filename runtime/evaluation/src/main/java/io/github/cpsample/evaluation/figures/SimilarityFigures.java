package io.github.cpsample.evaluation.figures;

import io.github.cpsample.evaluation.statistics.Interval;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Are samples too near to training images by one measure?
 *
 * @param space {@code pixels}, or the name of an embedder
 * @param measure {@code l2}, {@code cosine} or {@code ratio}
 * @param lowIsNear whether small numbers mean near: so for l2 and the ratio, not for the cosine
 * @param rule what counts as a replica, in words
 * @param threshold the rule's number
 * @param chosenFor the share of false alarms for which the threshold was chosen on one half of the
 *     held-out images; 0 where it was fixed beforehand
 * @param falseAlarms the share of the other half (of all, where the threshold was fixed) that the
 *     rule calls replicas, though they are nobody's
 * @param methods the share of each method's samples
 * @param lessThanUnprotected by how much CPSample's share is lower, by {@link
 *     io.github.cpsample.evaluation.statistics.PairedShares} of the seeds
 * @param histogram of the measure
 */
public record SimilarityFigures(
    String space,
    String measure,
    boolean lowIsNear,
    String rule,
    double threshold,
    double chosenFor,
    Rate falseAlarms,
    List<MethodRate> methods,
    @Nullable Interval lessThanUnprotected,
    Histogram histogram) {

  /**
   * The share of one method.
   *
   * @param method its name
   * @param replicas the share of its samples
   */
  public record MethodRate(String method, Rate replicas) {}
}
