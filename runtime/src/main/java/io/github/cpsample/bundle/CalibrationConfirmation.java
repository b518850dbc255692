package io.github.cpsample.bundle;

import java.util.Objects;
import java.util.Optional;

/**
 * What the chosen setting did on seeds and held-out images that nothing was chosen on, side by side
 * with unprotected images of the same seeds.
 *
 * @param firstSeed the first of the seeds
 * @param images how many on either side
 * @param heldOutImages how many they were compared with
 * @param tries how many settings were tried so, this one included, each on seeds of its own
 * @param confidence of {@code replicasAtMost} over all tries that were allowed, in (0, 1)
 * @param shown whether {@code replicasAtMost} is within the bound
 * @param replicas protected images that were replicas
 * @param replicasAtMost upper limit of the share of replicas
 * @param replicasUnprotected unprotected images that were replicas
 * @param heldOutDistance mean root mean squared difference to the nearest held-out image
 * @param heldOutDistanceUnprotected the same of unprotected images
 * @param frechetDistance to the held-out images; null without an embedder, see {@link #frechet()}
 * @param frechetDistanceUnprotected the same of unprotected images
 * @param qualityLoss of both together, in units of what real images differ by
 * @param overhead additional time as a share of that of unprotected images
 * @param stepsGuarded share of all steps
 */
public record CalibrationConfirmation(
    long firstSeed,
    int images,
    int heldOutImages,
    int tries,
    double confidence,
    boolean shown,
    int replicas,
    double replicasAtMost,
    int replicasUnprotected,
    Estimate heldOutDistance,
    Estimate heldOutDistanceUnprotected,
    Estimate frechetDistance,
    Estimate frechetDistanceUnprotected,
    Estimate qualityLoss,
    Estimate overhead,
    double stepsGuarded) {
  /**
   * Refuses what cannot have been measured.
   *
   * @param firstSeed any
   * @param images at least 1
   * @param heldOutImages at least 1
   * @param tries at least 1
   * @param confidence in (0, 1)
   * @param shown as the component says
   * @param replicas from 0 to {@code images}
   * @param replicasAtMost at least the share of replicas
   * @param replicasUnprotected from 0 to {@code images}
   * @param heldOutDistance as the component says
   * @param heldOutDistanceUnprotected as the component says
   * @param frechetDistance null together with the unprotected one
   * @param frechetDistanceUnprotected null together with the protected one
   * @param qualityLoss as the component says
   * @param overhead as the component says
   * @param stepsGuarded in [0, 1]
   */
  public CalibrationConfirmation {
    ManifestChecks.atLeast("images", images, 1);
    ManifestChecks.atLeast("heldOutImages", heldOutImages, 1);
    ManifestChecks.atLeast("tries", tries, 1);
    ManifestChecks.within("confidence", confidence, Double.MIN_VALUE, Math.nextDown(1.0));
    ManifestChecks.within("replicas", replicas, 0, images);
    ManifestChecks.within("replicasAtMost", replicasAtMost, (double) replicas / images, 1);
    ManifestChecks.within("replicasUnprotected", replicasUnprotected, 0, images);
    Objects.requireNonNull(heldOutDistance, "heldOutDistance");
    Objects.requireNonNull(heldOutDistanceUnprotected, "heldOutDistanceUnprotected");
    if ((frechetDistance == null) != (frechetDistanceUnprotected == null)) {
      throw new IllegalArgumentException(
          "frechetDistance: expected it of both sides or none, found it of one");
    }
    Objects.requireNonNull(qualityLoss, "qualityLoss");
    Objects.requireNonNull(overhead, "overhead");
    ManifestChecks.within("stepsGuarded", stepsGuarded, 0, 1);
  }

  /**
   * The Frechet distance of protected images.
   *
   * @return empty without an embedder
   */
  public Optional<Estimate> frechet() {
    return Optional.ofNullable(frechetDistance);
  }

  /**
   * The Frechet distance of unprotected images.
   *
   * @return empty without an embedder
   */
  public Optional<Estimate> frechetUnprotected() {
    return Optional.ofNullable(frechetDistanceUnprotected);
  }
}
