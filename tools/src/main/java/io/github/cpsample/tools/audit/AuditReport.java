package io.github.cpsample.tools.audit;

import com.google.gson.annotations.SerializedName;
import io.github.cpsample.tools.audit.figures.AttackFigures;
import io.github.cpsample.tools.audit.figures.MembershipFigures;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * What an audit found; stored as {@code report.json}, whose fields docs/audit.md describes.
 *
 * @param format number of this form of the report
 * @param model what was audited
 * @param settings how
 * @param trainingImages number of training images given
 * @param heldOutImages number of held-out images given
 * @param replication does the model reproduce training images?
 * @param quality without protection; null if no embedder was given
 * @param protectedQuality with protection
 * @param membership can somebody tell that an image was trained on?
 * @param guard what the guard did
 */
public record AuditReport(
    int format,
    Model model,
    AuditSettings settings,
    int trainingImages,
    int heldOutImages,
    ReplicationFigures replication,
    @SerializedName("qualityWithoutProtection") QualityFigures quality,
    @SerializedName("qualityWithProtection") QualityFigures protectedQuality,
    List<MembershipFigures> membership,
    Guard guard) {

  /** The form that is written now. */
  public static final int FORMAT = 1;

  /**
   * What was audited.
   *
   * @param name of the model
   * @param files the bundle's files with their SHA-256
   * @param protection gate, force, alpha, scale and guarded timesteps
   */
  public record Model(String name, List<String> files, String protection) {}

  /**
   * What the guard did.
   *
   * @param stepsGuarded share of all steps of protected images that were guarded
   * @param imagesGuarded share of protected images that were guarded at least once
   * @param secondsPerImage of unprotected images
   * @param protectedSecondsPerImage of protected images
   */
  public record Guard(
      double stepsGuarded,
      double imagesGuarded,
      double secondsPerImage,
      double protectedSecondsPerImage) {}

  /**
   * The report for people.
   *
   * @return lines of text
   */
  public List<String> lines() {
    List<String> lines = new ArrayList<>();
    lines.add(row("", "without protection", "with protection"));
    lines.add(
        row(
            "replicas",
            replication.withoutProtection().text(),
            replication.withProtection().text()));
    lines.add(row("  of held-out images (false alarms)", replication.falseAlarms().text(), ""));
    if (quality != null) {
      lines.add(
          row("Frechet distance", quality.frechetDistance(), protectedQuality.frechetDistance()));
      lines.add(
          row("kernel distance", quality.kernelDistance(), protectedQuality.kernelDistance()));
      lines.add(row("precision", quality.precision(), protectedQuality.precision()));
      lines.add(row("recall", quality.recall(), protectedQuality.recall()));
    }
    for (MembershipFigures found : membership) {
      lines.add(
          row(
              "AUC of " + found.attack(),
              auc(found.withoutProtection()),
              auc(found.withProtection())));
    }
    lines.add(row("seconds per image", guard.secondsPerImage(), guard.protectedSecondsPerImage()));
    lines.add(
        String.format(
            Locale.ROOT,
            "%.1f %% of the steps and %.1f %% of the images were guarded",
            100 * guard.stepsGuarded(),
            100 * guard.imagesGuarded()));
    return lines;
  }

  private static String auc(AttackFigures figures) {
    return figures == null
        ? "-"
        : String.format(
            Locale.ROOT,
            "%.3f [%.3f, %.3f]",
            figures.auc().value(),
            figures.auc().low(),
            figures.auc().high());
  }

  private static String row(String name, double without, double with) {
    return row(
        name,
        String.format(Locale.ROOT, "%.4f", without),
        String.format(Locale.ROOT, "%.4f", with));
  }

  private static String row(String name, String without, String with) {
    return String.format(Locale.ROOT, "%-58s %24s  %24s", name, without, with).stripTrailing();
  }
}
