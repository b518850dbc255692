package io.github.cpsample.tools.commands.training;

import io.github.cpsample.bundle.CalibrationEvidence;
import io.github.cpsample.evaluation.calibration.Calibration.Outcome;
import io.github.cpsample.evaluation.calibration.Calibration.Unprotected;
import io.github.cpsample.evaluation.figures.Rate;
import io.github.cpsample.protection.Correction;
import io.github.cpsample.protection.ProtectionSettings;
import io.github.cpsample.tools.commands.shared.EvidenceText;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/** What a calibration says to people. */
final class CalibrationReport {

  private CalibrationReport() {}

  /** The trade-off curve as a table, the fewest replicas first. */
  static List<String> curve(Outcome outcome) {
    List<String> lines = new ArrayList<>();
    lines.add("Settings as they did on the tuning images, on which the choice was made:");
    lines.add(
        row(
            "K",
            "alpha",
            "s",
            "t",
            "force",
            "correction",
            "images",
            "replicas",
            "Frechet",
            "held-out",
            "loss",
            "guarded",
            "overhead",
            ""));
    lines.add(row(outcome.unprotected()));
    outcome.curve().stream()
        .sorted(
            Comparator.comparingDouble(
                    (CalibrationEvidence.Point point) -> (double) point.replicas() / point.images())
                .thenComparingDouble(CalibrationEvidence.Point::qualityLoss))
        .map(CalibrationReport::row)
        .forEach(lines::add);
    return lines;
  }

  private static String row(Unprotected plain) {
    return row(
        "-",
        "-",
        "-",
        "-",
        "unprotected",
        "-",
        plain.images(),
        Rate.of(plain.replicas(), plain.images()).text(),
        plain.frechetDistance() == null ? "-" : two(plain.frechetDistance()),
        three(plain.heldOutDistance()),
        "-",
        "-",
        "-",
        "");
  }

  private static String row(CalibrationEvidence.Point point) {
    ProtectionSettings settings = point.settings();
    return row(
        point.bits(),
        settings.thresholds().isPresent() ? "levels" : plain(settings.alpha()),
        plain(settings.scale()),
        settings.firstTimestep() + "-" + settings.lastTimestep(),
        settings.force().label(),
        correction(settings.correction()),
        point.images(),
        Rate.of(point.replicas(), point.images()).text(),
        point.frechet().map(it -> two(it.value())).orElse("-"),
        three(point.heldOutDistance()),
        two(point.qualityLoss()),
        percent(point.stepsGuarded()),
        percent(point.overhead()),
        point.verdict());
  }

  private static String row(Object... cells) {
    return String.format(
            Locale.ROOT, "%4s %6s %7s %9s %-14s %-15s %6s  %-20s %8s %8s %6s %7s %9s  %s", cells)
        .stripTrailing();
  }

  /** The kind, and for those that go back how far and how often. */
  private static String correction(Correction correction) {
    return correction.kind().goesBack()
        ? correction.kind() + " " + correction.back() + "x" + correction.returns()
        : correction.kind().label();
  }

  private static String plain(double value) {
    return value == Math.rint(value) ? Long.toString((long) value) : Double.toString(value);
  }

  /** The confirmations, one line each. */
  static List<String> attempts(Outcome outcome, CalibrationEvidence.Bounds bounds) {
    return outcome.attempts().stream()
        .map(
            attempt ->
                attempt.candidate().text()
                    + " on fresh seeds and the other held-out images: "
                    + attempt
                        .failure()
                        .orElseGet(
                            () -> EvidenceText.replicas(attempt.measured().orElseThrow(), bounds)))
        .toList();
  }

  private static String two(double value) {
    return String.format(Locale.ROOT, "%.2f", value);
  }

  private static String three(double value) {
    return String.format(Locale.ROOT, "%.3f", value);
  }

  private static String percent(double share) {
    return String.format(Locale.ROOT, "%.1f %%", 100 * share);
  }
}
