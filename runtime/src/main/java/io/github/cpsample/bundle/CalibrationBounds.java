package io.github.cpsample.bundle;

import java.util.Optional;

/**
 * What a calibration was asked for.
 *
 * @param maxReplicas the largest share of replicas, in (0, 1)
 * @param maxQualityLoss the largest loss of quality; null for any, see {@link #qualityLoss()}
 * @param maxOverhead the largest additional time, as a share of that of unprotected images; null
 *     for any, see {@link #overhead()}
 */
public record CalibrationBounds(double maxReplicas, Double maxQualityLoss, Double maxOverhead) {
  /**
   * Refuses what cannot be a bound.
   *
   * @param maxReplicas in (0, 1)
   * @param maxQualityLoss finite, or null
   * @param maxOverhead finite, or null
   */
  public CalibrationBounds {
    if (!(maxReplicas > 0 && maxReplicas < 1)) {
      throw new IllegalArgumentException(
          "maxReplicas: expected a share in (0, 1), found " + maxReplicas);
    }
    if (maxQualityLoss != null) {
      ManifestChecks.finite("maxQualityLoss", maxQualityLoss);
    }
    if (maxOverhead != null) {
      ManifestChecks.finite("maxOverhead", maxOverhead);
    }
  }

  /**
   * The bound on the loss of quality.
   *
   * @return empty if any loss is accepted
   */
  public Optional<Double> qualityLoss() {
    return Optional.ofNullable(maxQualityLoss);
  }

  /**
   * The bound on the additional time.
   *
   * @return empty if any time is accepted
   */
  public Optional<Double> overhead() {
    return Optional.ofNullable(maxOverhead);
  }
}
