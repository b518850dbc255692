package io.github.cpsample.evaluation.replication;

import io.github.cpsample.base.Checks;

/**
 * How thresholds are chosen.
 *
 * @param target the share of false alarms among held-out images that a threshold is chosen for, in
 *     (0, 1)
 * @param seed of the halves of the held-out images, and of resampling
 */
public record SimilaritySettings(double target, long seed) {

  /** One false alarm per hundred images. */
  public static final double TARGET = 0.01;

  public SimilaritySettings {
    Checks.argument(
        target > 0 && target < 1, "target of false alarms", "a share in (0, 1)", target);
  }

  /**
   * The usual target.
   *
   * @param seed any
   * @return the settings
   */
  public static SimilaritySettings usual(long seed) {
    return new SimilaritySettings(TARGET, seed);
  }
}
