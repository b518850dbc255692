package io.github.cpsample.tools.demo;

import com.google.gson.annotations.SerializedName;
import io.github.cpsample.similarity.ReplicaRule;
import io.github.cpsample.trainer.evaluation.ProtectionMeasurement;
import io.github.cpsample.trainer.evaluation.ProtectionMeasurement.Side;
import java.util.List;
import java.util.Locale;

/**
 * What was measured; stored as {@code demo.json}.
 *
 * @param replicaRule the rule in words
 * @param falseAlarmRate share of held-out images that the rule takes for replicas
 * @param unprotectedSide without protection
 * @param protectedSide with protection, from the same seeds
 */
public record DemoReport(
    String replicaRule,
    double falseAlarmRate,
    @SerializedName("unprotected") SideReport unprotectedSide,
    @SerializedName("protected") SideReport protectedSide) {

  /**
   * One side.
   *
   * @param replicaRate share of images that replicate a training image
   * @param frechetDistance to held-out images, in the features of a garment classifier
   * @param secondsPerImage wall-clock time
   * @param count images
   * @param stepsGuarded share of all steps that were guarded; null without protection
   * @param imagesGuarded share of images that were guarded at least once; null without protection
   */
  public record SideReport(
      double replicaRate,
      double frechetDistance,
      double secondsPerImage,
      int count,
      Double stepsGuarded,
      Double imagesGuarded) {

    static SideReport of(Side side, boolean guarded) {
      return new SideReport(
          side.replicaRate(),
          side.verdict().frechetDistance(),
          side.secondsPerImage(),
          side.result().images().size(),
          guarded ? side.stepsGuarded() : null,
          guarded ? side.imagesGuarded() : null);
    }

    private String line(String name) {
      String guarded =
          stepsGuarded == null
              ? ""
              : String.format(
                  Locale.ROOT, "   %5.1f %%  %5.1f %%", 100 * stepsGuarded, 100 * imagesGuarded);
      return String.format(
          Locale.ROOT,
          "%-20s %8.1f %%  %9.3f  %9.3f%s",
          name,
          100 * replicaRate,
          frechetDistance,
          secondsPerImage,
          guarded);
    }
  }

  static DemoReport of(ReplicaRule rule, ProtectionMeasurement measured) {
    return new DemoReport(
        rule.describe(),
        measured.falseAlarmRate(),
        SideReport.of(measured.unprotectedSide(), false),
        SideReport.of(measured.protectedSide(), true));
  }

  /**
   * The report as a short table.
   *
   * @return lines of text
   */
  public List<String> table() {
    return List.of(
        "                       replicas    Frechet  s / image   guarded  guarded",
        "                                  distance              steps    images",
        unprotectedSide.line("without protection"),
        protectedSide.line("with protection"),
        String.format(Locale.ROOT, "%-20s %8.2f %%", "false alarms", 100 * falseAlarmRate),
        "",
        unprotectedSide.count()
            + " images per side, from the same seeds. Replica: "
            + replicaRule
            + ".",
        "False alarms: held-out images, nobody's copies, that this rule takes for replicas.");
  }
}
