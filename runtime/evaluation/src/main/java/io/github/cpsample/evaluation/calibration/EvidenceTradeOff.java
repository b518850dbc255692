package io.github.cpsample.evaluation.calibration;

import io.github.cpsample.bundle.CalibrationEvidence;
import io.github.cpsample.evaluation.figures.Rate;
import io.github.cpsample.evaluation.figures.TradeOff;
import io.github.cpsample.evaluation.statistics.Interval;
import io.github.cpsample.protection.ProtectionSettings;
import java.util.List;
import java.util.Optional;

/** The points of a calibration as the trade-off of a report. */
public final class EvidenceTradeOff {

  private EvidenceTradeOff() {}

  /**
   * The trade-off that a model's manifest holds.
   *
   * @param evidence for its protection
   * @return one point per setting that was tried
   */
  public static TradeOff of(CalibrationEvidence evidence) {
    String source =
        "calibration of "
            + evidence.date()
            + ", seeds "
            + evidence.tuningSeed()
            + " to "
            + (evidence.tuningSeed() + evidence.tuningImages() - 1)
            + ", on which the setting was chosen: its confirmation is on others";
    return of(evidence.curve(), Optional.of(evidence.settings()), source);
  }

  /**
   * The trade-off of some points.
   *
   * @param points what was measured
   * @param chosen the settings that were chosen, if any were
   * @param source where the points come from, in words
   * @return one point per setting
   */
  public static TradeOff of(
      List<CalibrationEvidence.Point> points, Optional<ProtectionSettings> chosen, String source) {
    return new TradeOff(
        source,
        points.stream()
            .map(
                point -> point(point, chosen.filter(it -> it.equals(point.settings())).isPresent()))
            .toList());
  }

  private static TradeOff.Point point(CalibrationEvidence.Point point, boolean chosen) {
    ProtectionSettings settings = point.settings();
    return new TradeOff.Point(
        new Candidate(point.bits(), settings).text(),
        point.bits(),
        settings.alpha(),
        settings.scale(),
        settings.firstTimestep(),
        settings.lastTimestep(),
        settings.force().label(),
        point.images(),
        Rate.of(point.replicas(), point.images()),
        point.frechet().map(it -> new Interval(it.value(), it.low(), it.high())).orElse(null),
        point.heldOutDistance(),
        point.stepsGuarded(),
        1 + point.overhead(),
        chosen);
  }
}
