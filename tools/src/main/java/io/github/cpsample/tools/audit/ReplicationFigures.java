package io.github.cpsample.tools.audit;

import io.github.cpsample.similarity.ReplicaMatch;
import io.github.cpsample.similarity.ReplicaRule;
import io.github.cpsample.tools.audit.figures.Rate;
import io.github.cpsample.tools.audit.statistics.Bootstrap;
import io.github.cpsample.tools.audit.statistics.Interval;
import io.github.cpsample.trainer.evaluation.ReplicaReport;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Does the model reproduce training images?
 *
 * @param rule what counts as a replica, in words
 * @param falseAlarms the share of held-out images, nobody's replicas, that the rule calls replicas
 * @param withoutProtection the share of unprotected images that are replicas
 * @param withProtection the share of protected images that are, from the same seeds
 * @param lessReplicas the difference of both, resampled by seeds
 * @param worst the seeds whose unprotected images are nearest to a training image, nearest first
 */
public record ReplicationFigures(
    String rule,
    Rate falseAlarms,
    Rate withoutProtection,
    Rate withProtection,
    Interval lessReplicas,
    List<Pair> worst) {

  private static final int WORST = 12;

  /**
   * Both images of a seed.
   *
   * @param seed of both
   * @param ratio distance of the unprotected image to the nearest training image, over the mean
   *     distance to the next nearest ones
   * @param protectedRatio the same of the protected image
   */
  public record Pair(long seed, double ratio, double protectedRatio) {}

  static ReplicationFigures of(
      ReplicaRule rule,
      ReplicaReport heldOut,
      SampledSide without,
      SampledSide with,
      Bootstrap bootstrap) {
    return new ReplicationFigures(
        rule.describe(),
        Rate.of(heldOut),
        Rate.of(without.replicas()),
        Rate.of(with.replicas()),
        bootstrap.pairedDifference(without.flags(), with.flags()),
        worst(without).stream().map(match -> pair(match, without, with)).toList());
  }

  /** The images of a side that are nearest to a training image. */
  static List<ReplicaMatch> worst(SampledSide side) {
    List<ReplicaMatch> matches = new ArrayList<>(side.matches());
    matches.sort(Comparator.comparingDouble(ReplicationFigures::ratio));
    return matches.subList(0, Math.min(WORST, matches.size()));
  }

  private static Pair pair(ReplicaMatch match, SampledSide without, SampledSide with) {
    return new Pair(
        without.result().report(match.image()).seed(),
        ratio(match),
        ratio(with.matches().get(match.image())));
  }

  private static double ratio(ReplicaMatch match) {
    return match.meanOfNext() > 0 ? match.distance() / match.meanOfNext() : 1;
  }
}
