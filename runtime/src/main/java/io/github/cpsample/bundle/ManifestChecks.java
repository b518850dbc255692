package io.github.cpsample.bundle;

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

  static void atLeast(String field, long value, long least) {
    if (value < least) {
      throw new IllegalArgumentException(
          field + ": expected a number of at least " + least + ", found " + value);
    }
  }

  static void within(String field, double value, double low, double high) {
    if (!(value >= low && value <= high)) {
      throw new IllegalArgumentException(
          field + ": expected a number in [" + low + ", " + high + "], found " + value);
    }
  }

  static void filled(String field, String value) {
    if (value == null || value.isBlank()) {
      throw new IllegalArgumentException(
          field + ": expected text, found " + (value == null ? "none" : "blank"));
    }
  }

  static void finite(String field, double value) {
    if (!Double.isFinite(value)) {
      throw new IllegalArgumentException(field + ": expected a finite number, found " + value);
    }
  }

  static void plainName(String file) {
    if (!Manifest.isPlainName(file)) {
      throw new IllegalArgumentException(
          "files: expected plain file names other than "
              + Manifest.FILE_NAME
              + ", found '"
              + file
              + "'");
    }
  }

  static void listed(Map<String, Manifest.FileEntry> files, String field, String file) {
    if (!files.containsKey(file)) {
      throw new IllegalArgumentException(
          field + ": expected one of the files " + files.keySet() + ", found '" + file + "'");
    }
  }

  static void same(SchedulerConfig scheduler, NoiseScheduleConfig schedule, DenoiserSpec denoiser) {
    if (!scheduler.effectiveSchedule().equals(schedule)
        || scheduler.predictionType() != denoiser.predictionType()) {
      throw new IllegalArgumentException(
          "sampler.scheduler: expected the schedule and predictionType of the manifest, "
              + schedule.kind().jsonName()
              + " and "
              + denoiser.predictionType().jsonName()
              + ", found others: "
              + scheduler);
    }
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
