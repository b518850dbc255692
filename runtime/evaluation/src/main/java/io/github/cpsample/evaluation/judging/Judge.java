package io.github.cpsample.evaluation.judging;

import io.github.cpsample.evaluation.figures.ReplicaFinder;
import io.github.cpsample.evaluation.figures.ReplicaReport;
import io.github.cpsample.evaluation.quality.FeatureExtractor;
import io.github.cpsample.evaluation.quality.FeatureSummary;
import io.github.cpsample.evaluation.quality.FrechetDistance;
import io.github.cpsample.image.NearestNeighbours;
import io.github.cpsample.image.ReplicaRule;

/**
 * Judges generated images: do they replicate training images, and are they as good as real ones?
 *
 * <p>Replication is judged by a {@link ReplicaRule}; its false alarms are the share of held-out
 * images, nobody's replicas, that it would take for replicas. Quality is the Frechet distance to
 * the held-out images, and the mean distance to the nearest of them. Thread-safe if its features
 * are.
 */
public final class Judge {

  private final ReplicaFinder finder;
  private final NearestNeighbours heldOutNeighbours;
  private final FeatureSummary heldOutFeatures;
  private final FeatureExtractor features;
  private final ReplicaReport falseAlarms;

  /**
   * Prepares the references.
   *
   * @param rule what counts as a replica
   * @param training the training images, one per row
   * @param heldOut images of the same kind that were not trained on, one per row
   * @param features in what quality is compared; not owned
   */
  public Judge(ReplicaRule rule, float[][] training, float[][] heldOut, FeatureExtractor features) {
    this.finder = new ReplicaFinder(rule, training);
    this.heldOutNeighbours = new NearestNeighbours(heldOut);
    this.heldOutFeatures = FeatureSummary.of(features.of(heldOut));
    this.features = features;
    this.falseAlarms = finder.examine(heldOut);
  }

  /**
   * The share of held-out images that the rule would take for replicas.
   *
   * @return in [0,1]
   */
  public double falseAlarmRate() {
    return falseAlarms.rate();
  }

  /**
   * Judges some images.
   *
   * @param images at least two, one per row
   * @return the verdict
   */
  public Verdict judge(float[][] images) {
    return new Verdict(
        finder.examine(images),
        FrechetDistance.between(FeatureSummary.of(features.of(images)), heldOutFeatures),
        heldOutNeighbours.meanRmse(images));
  }

  /**
   * What was found.
   *
   * @param replicas every image with its nearest training image
   * @param frechetDistance to the held-out images, lower is better
   * @param heldOutDistance mean over the images of the root mean squared pixel difference to the
   *     nearest held-out image
   */
  public record Verdict(ReplicaReport replicas, double frechetDistance, double heldOutDistance) {}
}
