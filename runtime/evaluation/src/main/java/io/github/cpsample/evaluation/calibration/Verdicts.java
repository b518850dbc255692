package io.github.cpsample.evaluation.calibration;

import io.github.cpsample.bundle.CalibrationEvidence;
import java.util.Locale;
import java.util.Optional;

/** Which bound a setting does not meet, in words. */
final class Verdicts {

  private Verdicts() {}

  /** The first bound that measured numbers do not meet; empty if they meet all. */
  static Optional<String> failed(
      CalibrationEvidence.Bounds bounds, int replicas, int images, double loss, double overhead) {
    if (replicas > bounds.maxReplicas() * images) {
      return Optional.of(
          String.format(
              Locale.ROOT,
              "replicas: %d of %d, allowed %s",
              replicas,
              images,
              percent(bounds.maxReplicas())));
    }
    if (bounds.qualityLoss().filter(most -> loss > most).isPresent()) {
      return Optional.of(
          String.format(
              Locale.ROOT, "quality loss: %.3f, allowed %s", loss, bounds.qualityLoss().get()));
    }
    if (bounds.overhead().filter(most -> overhead > most).isPresent()) {
      return Optional.of(
          String.format(
              Locale.ROOT,
              "overhead: %s, allowed %s",
              percent(overhead),
              percent(bounds.overhead().get())));
    }
    return Optional.empty();
  }

  /** A share in per cent, with as many digits as it needs. */
  static String percent(double share) {
    double value = 100 * share;
    return Math.abs(value) < 1
        ? String.format(Locale.ROOT, "%.3g %%", value)
        : String.format(Locale.ROOT, "%.1f %%", value);
  }
}
