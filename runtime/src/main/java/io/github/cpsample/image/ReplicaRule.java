package io.github.cpsample.image;

import io.github.cpsample.base.Checks;

/**
 * When a generated image counts as a replica of a training image: its distance to the nearest
 * training image is below {@code threshold} times the mean of its distances to the next {@code
 * neighbours} nearest ones.
 *
 * <p>The rule has no scale: a plain, low-contrast image lies near many training images and is no
 * replica of any. It is the ratio that Carlini et al., <i>Extracting Training Data from Diffusion
 * Models</i>, USENIX Security 2023, use for CIFAR-10 (there the mean runs over the 50 nearest
 * images and the threshold is .5), and, with one neighbour, that of Yoon et al., <i>Diffusion
 * Probabilistic Models Generalize when They Fail to Memorize</i>, ICML workshop SPIGM 2023
 * (threshold 1/3).
 *
 * <p>What it cannot see: a copy that is shifted, mirrored or recoloured, and, with one neighbour, a
 * training image that has a near-duplicate in the training set. Its false alarms are measured on
 * held-out images, which are nobody's replicas.
 *
 * @param threshold in {@code (0, 1]}
 * @param neighbours how many further images make the scale, at least 1
 */
public record ReplicaRule(double threshold, int neighbours) {

  /**
   * Nearer than 0.4 times the mean distance to the five next nearest training images: the rule that
   * this project measures itself by and the default everywhere.
   */
  public static final ReplicaRule STANDARD = new ReplicaRule(0.4, 5);

  /** Half of the distance to the second nearest training image. */
  public static final ReplicaRule SECOND_NEAREST = new ReplicaRule(0.5, 1);

  public ReplicaRule {
    Checks.argument(
        threshold > 0 && threshold <= 1,
        "threshold",
        "a share of the mean distance in (0, 1]",
        threshold);
    Checks.argument(neighbours >= 1, "neighbours", "at least 1 further training image", neighbours);
  }

  /**
   * The decision itself.
   *
   * @param nearest distance to the nearest training image
   * @param meanOfNext mean of the distances to the next {@link #neighbours} ones
   * @return true for a replica
   */
  public boolean isReplica(double nearest, double meanOfNext) {
    return nearest < threshold * meanOfNext;
  }

  /**
   * The rule in words, for reports.
   *
   * @return one clause
   */
  public String describe() {
    String scale =
        neighbours == 1
            ? "the distance to the second nearest"
            : "the mean distance to the next " + neighbours + " nearest";
    return "distance to the nearest training image < " + threshold + " x " + scale;
  }

  /**
   * One image held against the training set.
   *
   * @param image index of the image
   * @param nearest index of the nearest training image
   * @param distance Euclidean distance to it
   * @param meanOfNext mean distance to the next nearest training images
   * @param replica whether the rule calls it a replica
   */
  public record Match(
      int image, int nearest, double distance, double meanOfNext, boolean replica) {}
}
