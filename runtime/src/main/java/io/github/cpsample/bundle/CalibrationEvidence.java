package io.github.cpsample.bundle;

import io.github.cpsample.base.Checks;
import io.github.cpsample.protection.ProtectionSettings;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Why a model is protected as it is: what was asked for, what was tried, and what the chosen
 * setting did on images that it was not chosen on. Holds no images and nothing about single ones.
 *
 * @param date when it was measured, as 2026-01-31
 * @param tool version of the tool that measured it
 * @param sampler how the images were sampled; the scale depends on the number of steps
 * @param condition what the images were asked to show, in words
 * @param features in what quality was compared, in words
 * @param rule what counts as a replica, in words
 * @param bounds what was asked for
 * @param settings what was chosen; the manifest's protection
 * @param tuningSeed the first seed that settings were compared on
 * @param tuningImages how many seeds followed
 * @param tuningHeldOutImages held-out images that settings were compared with
 * @param confirmation what the choice did on other seeds and held-out images
 * @param curve all settings that were tried
 */
public record CalibrationEvidence(
    String date,
    String tool,
    SamplerSpec sampler,
    String condition,
    String features,
    String rule,
    Bounds bounds,
    ProtectionSettings settings,
    long tuningSeed,
    int tuningImages,
    int tuningHeldOutImages,
    Confirmation confirmation,
    List<Point> curve) {
  public CalibrationEvidence {
    requireDate(date);
    ManifestChecks.filled("tool", tool);
    Objects.requireNonNull(sampler, "sampler");
    ManifestChecks.filled("condition", condition);
    ManifestChecks.filled("features", features);
    ManifestChecks.filled("rule", rule);
    Objects.requireNonNull(bounds, "bounds");
    Checks.atLeast("tuningImages", tuningImages, 1);
    Checks.atLeast("tuningHeldOutImages", tuningHeldOutImages, 1);
    Objects.requireNonNull(confirmation, "confirmation");
    Checks.atLeast(
        "confirmation.firstSeed",
        confirmation.firstSeed(),
        Math.addExact(tuningSeed, tuningImages));
    curve = List.copyOf(curve);
    Checks.argument(
        curve.stream().anyMatch(point -> point.settings().equals(settings)),
        "curve",
        "the chosen settings among its points",
        "none of them");
    boolean within = confirmation.replicasAtMost() <= bounds.maxReplicas();
    Checks.argument(
        confirmation.shown() == within,
        "confirmation.shown",
        within
            + " for at most "
            + confirmation.replicasAtMost()
            + " replicas where "
            + bounds.maxReplicas()
            + " are allowed",
        confirmation.shown());
  }

  private static void requireDate(String date) {
    try {
      LocalDate.parse(date);
    } catch (DateTimeException e) {
      throw new IllegalArgumentException(
          "date: expected one such as 2026-01-31, found '" + date + "'", e);
    }
  }

  /**
   * A measured number with its 95 % interval.
   *
   * @param value what was measured
   * @param low the lower end
   * @param high the upper end
   */
  public record Estimate(double value, double low, double high) {
    public Estimate {
      ManifestChecks.finite("estimate.value", value);
      ManifestChecks.finite("estimate.low", low);
      ManifestChecks.within("estimate.high", high, low, Double.MAX_VALUE);
    }
  }

  /**
   * What a calibration was asked for.
   *
   * @param maxReplicas the largest share of replicas, in (0, 1)
   * @param maxQualityLoss the largest loss of quality; null for any, see {@link #qualityLoss()}
   * @param maxOverhead the largest additional time, as a share of that of unprotected images; null
   *     for any, see {@link #overhead()}
   */
  public record Bounds(
      double maxReplicas, @Nullable Double maxQualityLoss, @Nullable Double maxOverhead) {
    public Bounds {
      Checks.argument(
          maxReplicas > 0 && maxReplicas < 1, "maxReplicas", "a share in (0, 1)", maxReplicas);
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
  public record Point(
      int bits,
      ProtectionSettings settings,
      int images,
      int replicas,
      CalibrationEvidence.@Nullable Estimate frechetDistance,
      double heldOutDistance,
      double qualityLoss,
      double stepsGuarded,
      double overhead,
      String verdict) {
    public Point {
      Checks.atLeast("bits", bits, 1);
      Objects.requireNonNull(settings, "settings");
      Checks.atLeast("images", images, 1);
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
    public Optional<CalibrationEvidence.Estimate> frechet() {
      return Optional.ofNullable(frechetDistance);
    }
  }

  /**
   * What the chosen setting did on seeds and held-out images that nothing was chosen on, side by
   * side with unprotected images of the same seeds.
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
  public record Confirmation(
      long firstSeed,
      int images,
      int heldOutImages,
      int tries,
      double confidence,
      boolean shown,
      int replicas,
      double replicasAtMost,
      int replicasUnprotected,
      CalibrationEvidence.Estimate heldOutDistance,
      CalibrationEvidence.Estimate heldOutDistanceUnprotected,
      CalibrationEvidence.@Nullable Estimate frechetDistance,
      CalibrationEvidence.@Nullable Estimate frechetDistanceUnprotected,
      CalibrationEvidence.Estimate qualityLoss,
      CalibrationEvidence.Estimate overhead,
      double stepsGuarded) {
    public Confirmation {
      Checks.atLeast("images", images, 1);
      Checks.atLeast("heldOutImages", heldOutImages, 1);
      Checks.atLeast("tries", tries, 1);
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
    public Optional<CalibrationEvidence.Estimate> frechet() {
      return Optional.ofNullable(frechetDistance);
    }

    /**
     * The Frechet distance of unprotected images.
     *
     * @return empty without an embedder
     */
    public Optional<CalibrationEvidence.Estimate> frechetUnprotected() {
      return Optional.ofNullable(frechetDistanceUnprotected);
    }
  }
}
