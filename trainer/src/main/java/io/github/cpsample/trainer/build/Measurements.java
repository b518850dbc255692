package io.github.cpsample.trainer.build;

import io.github.cpsample.evaluation.judging.ProtectionMeasurement;
import io.github.cpsample.evaluation.judging.ProtectionMeasurement.Side;
import java.util.Locale;

/**
 * What the build measured of its models; stored as {@code measurements.json}.
 *
 * @param count images per side
 * @param falseAlarmRate share of held-out images that would count as replicas
 * @param unprotectedSide without protection
 * @param protectedSide with protection
 */
record Measurements(
    int count, double falseAlarmRate, SideNumbers unprotectedSide, SideNumbers protectedSide) {

  /** One side in numbers. */
  record SideNumbers(
      double replicaRate,
      double frechetDistance,
      double heldOutDistance,
      double secondsPerImage,
      double stepsGuarded,
      double imagesGuarded) {

    static SideNumbers of(Side side) {
      return new SideNumbers(
          side.replicaRate(),
          side.verdict().frechetDistance(),
          side.verdict().heldOutDistance(),
          side.secondsPerImage(),
          side.stepsGuarded(),
          side.imagesGuarded());
    }

    private String line(String name) {
      return String.format(
          Locale.ROOT,
          "cpsample: %-12s %5.1f %%   %8.2f   %6.1f %%   %6.1f %%   %8.4f",
          name,
          100 * replicaRate,
          frechetDistance,
          100 * stepsGuarded,
          100 * imagesGuarded,
          secondsPerImage);
    }
  }

  static Measurements of(ProtectionMeasurement measured) {
    return new Measurements(
        measured.protectedSide().result().images().size(),
        measured.falseAlarmRate(),
        SideNumbers.of(measured.unprotectedSide()),
        SideNumbers.of(measured.protectedSide()));
  }

  /** A short table, every line marked so that it can be found in a build log. */
  String table() {
    return String.join(
        System.lineSeparator(),
        String.format(
            Locale.ROOT,
            "cpsample: %d samples per side; a replica is %s;",
            count,
            BundledEvaluation.RULE.describe()),
        String.format(
            Locale.ROOT,
            "cpsample: %.2f %% of held-out images would count as replicas (false alarms)",
            100 * falseAlarmRate),
        "cpsample:              replicas   Frechet   guarded    guarded    seconds",
        "cpsample:                          distance  steps      images     per image",
        unprotectedSide.line("unprotected"),
        protectedSide.line("protected"));
  }
}
