package io.github.cpsample.bundle;

import io.github.cpsample.protection.ProtectionSettings;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.List;
import java.util.Objects;

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
    CalibrationBounds bounds,
    ProtectionSettings settings,
    long tuningSeed,
    int tuningImages,
    int tuningHeldOutImages,
    CalibrationConfirmation confirmation,
    List<CalibrationPoint> curve) {
  /**
   * Copies the curve and refuses what contradicts itself, seeds used twice among it.
   *
   * @param date a date by ISO 8601
   * @param tool not blank
   * @param sampler as the component says
   * @param condition not blank
   * @param features not blank
   * @param rule not blank
   * @param bounds as the component says
   * @param settings as the component says
   * @param tuningSeed any
   * @param tuningImages at least 1
   * @param tuningHeldOutImages at least 1
   * @param confirmation on seeds beyond the tuning seeds
   * @param curve at least the chosen setting
   */
  public CalibrationEvidence {
    requireDate(date);
    ManifestChecks.filled("tool", tool);
    Objects.requireNonNull(sampler, "sampler");
    ManifestChecks.filled("condition", condition);
    ManifestChecks.filled("features", features);
    ManifestChecks.filled("rule", rule);
    Objects.requireNonNull(bounds, "bounds");
    ManifestChecks.atLeast("tuningImages", tuningImages, 1);
    ManifestChecks.atLeast("tuningHeldOutImages", tuningHeldOutImages, 1);
    Objects.requireNonNull(confirmation, "confirmation");
    ManifestChecks.atLeast(
        "confirmation.firstSeed",
        confirmation.firstSeed(),
        Math.addExact(tuningSeed, tuningImages));
    curve = List.copyOf(curve);
    if (curve.stream().noneMatch(point -> point.settings().equals(settings))) {
      throw new IllegalArgumentException(
          "curve: expected the chosen settings among its points, found none of them");
    }
    boolean within = confirmation.replicasAtMost() <= bounds.maxReplicas();
    if (confirmation.shown() != within) {
      throw new IllegalArgumentException(
          "confirmation.shown: expected "
              + within
              + " for at most "
              + confirmation.replicasAtMost()
              + " replicas where "
              + bounds.maxReplicas()
              + " are allowed, found "
              + confirmation.shown());
    }
  }

  private static void requireDate(String date) {
    try {
      LocalDate.parse(date);
    } catch (DateTimeException e) {
      throw new IllegalArgumentException(
          "date: expected one such as 2026-01-31, found '" + date + "'", e);
    }
  }
}
