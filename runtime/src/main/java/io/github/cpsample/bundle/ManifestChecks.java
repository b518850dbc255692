package io.github.cpsample.bundle;

import io.github.cpsample.base.Checks;
import io.github.cpsample.diffusion.NoiseScheduleConfig;
import io.github.cpsample.protection.ProtectionSettings;
import java.util.List;
import java.util.Map;

/**
 * Checks of field values that several parts of a manifest share. A failed check is an
 * IllegalArgumentException.
 */
final class ManifestChecks {
  private ManifestChecks() {}

  static void oneOf(String field, String value, List<String> known) {
    if (value == null || !known.contains(value)) {
      throw new IllegalArgumentException(
          field + ": expected one of " + known + ", found '" + value + "'");
    }
  }

  static void within(String field, double value, double low, double high) {
    Checks.argument(
        value >= low && value <= high, field, "a number in [" + low + ", " + high + "]", value);
  }

  static void filled(String field, String value) {
    if (value == null || value.isBlank()) {
      throw new IllegalArgumentException(
          field + ": expected text, found " + (value == null ? "none" : "blank"));
    }
  }

  static void finite(String field, double value) {
    Checks.argument(Double.isFinite(value), field, "a finite number", value);
  }

  static void plainName(String file) {
    Checks.argument(
        Manifest.isPlainName(file),
        "files",
        "plain file names other than " + Manifest.FILE_NAME,
        "'" + file + "'");
  }

  static void listed(Map<String, Manifest.FileEntry> files, String field, String file) {
    Checks.argument(
        files.containsKey(file), field, "one of the files " + files.keySet(), "'" + file + "'");
  }

  static void same(SchedulerConfig scheduler, NoiseScheduleConfig schedule, DenoiserSpec denoiser) {
    Checks.argument(
        scheduler.effectiveSchedule().equals(schedule)
            && scheduler.predictionType() == denoiser.predictionType(),
        "sampler.scheduler",
        "the schedule and predictionType of the manifest, "
            + schedule.kind().jsonName()
            + " and "
            + denoiser.predictionType().jsonName(),
        "others: " + scheduler);
  }

  static void same(CalibrationEvidence calibration, ProtectionSettings protection) {
    if (!calibration.settings().equals(protection)) {
      throw new IllegalArgumentException(
          "calibration.settings: expected those of protection, "
              + protection
              + ", found "
              + calibration.settings()
              + "; remove the calibration, or calibrate the model again");
    }
  }
}
