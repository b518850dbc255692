package io.github.cpsample.bundle;

import io.github.cpsample.protection.ProtectionSettings;
import java.util.Objects;
import java.util.Optional;

/**
 * One setting that a calibration tried, on its tuning images. The points guide a choice; they are
 * no evidence of it, since the best of many is chosen on them.
 *
 * @param bits of the classifier's code
 * @param settings what was tried
 * @param images how many were sampled before it was given up, or in all
 * @param replicas how many of them were replicas
 * @param frechetDistance to the held-out images; null without an embedder, see {@link #frechet()}
 * @param heldOutDistance mean root mean squared difference to the nearest held-out image
 * @param qualityLoss against unprotected images of the same seeds
 * @param stepsGuarded share of all steps
 * @param overhead additional time as a share of that of unprotected images
 * @param verdict why it was given up or kept, in words
 */
public record CalibrationPoint(
    int bits,
    ProtectionSettings settings,
    int images,
    int replicas,
    Estimate frechetDistance,
    double heldOutDistance,
    double qualityLoss,
    double stepsGuarded,
    double overhead,
    String verdict) {
  /**
   * Refuses what cannot have been measured.
   *
   * @param bits at least 1
   * @param settings what was tried
   * @param images at least 1
   * @param replicas from 0 to {@code images}
   * @param frechetDistance as the component says
   * @param heldOutDistance at least 0
   * @param qualityLoss finite
   * @param stepsGuarded in [0, 1]
   * @param overhead finite
   * @param verdict not blank
   */
  public CalibrationPoint {
    ManifestChecks.atLeast("bits", bits, 1);
    Objects.requireNonNull(settings, "settings");
    ManifestChecks.atLeast("images", images, 1);
    ManifestChecks.within("replicas", replicas, 0, images);
    ManifestChecks.within("heldOutDistance", heldOutDistance, 0, Double.MAX_VALUE);
    ManifestChecks.finite("qualityLoss", qualityLoss);
    ManifestChecks.within("stepsGuarded", stepsGuarded, 0, 1);
    ManifestChecks.finite("overhead", overhead);
    ManifestChecks.filled("verdict", verdict);
  }

  /**
   * The Frechet distance.
   *
   * @return empty without an embedder
   */
  public Optional<Estimate> frechet() {
    return Optional.ofNullable(frechetDistance);
  }
}
