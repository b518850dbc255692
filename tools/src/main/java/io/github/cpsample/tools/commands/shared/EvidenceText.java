package io.github.cpsample.tools.commands.shared;

import io.github.cpsample.bundle.CalibrationEvidence;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What shows that a calibrated model is protected as asked, in lines of text. */
public final class EvidenceText {

  private EvidenceText() {}

  /** The evidence in words. */
  public static List<String> of(CalibrationEvidence evidence) {
    CalibrationEvidence.Confirmation measured = evidence.confirmation();
    List<String> lines = new ArrayList<>();
    lines.add(
        String.format(
            Locale.ROOT,
            "%s: %s, %d steps, seeds from %d on, %d images, %d held-out images",
            evidence.date(),
            evidence.sampler().kind(),
            evidence.sampler().steps(),
            measured.firstSeed(),
            measured.images(),
            measured.heldOutImages()));
    lines.add(replicas(measured, evidence.bounds()));
    lines.addAll(distances(measured));
    lines.add("quality compared in " + evidence.features());
    lines.add(
        "quality loss "
            + estimate(measured.qualityLoss())
            + evidence.bounds().qualityLoss().map(most -> ", allowed " + most).orElse(""));
    lines.add(
        "overhead "
            + estimate(measured.overhead())
            + evidence.bounds().overhead().map(most -> ", allowed " + most).orElse("")
            + ", "
            + percent(measured.stepsGuarded())
            + " of the steps guarded");
    return lines;
  }

  private static List<String> distances(CalibrationEvidence.Confirmation measured) {
    List<String> lines = new ArrayList<>();
    lines.add(
        "held-out distance "
            + estimate(measured.heldOutDistance())
            + ", unprotected "
            + estimate(measured.heldOutDistanceUnprotected()));
    measured
        .frechet()
        .ifPresent(
            frechet ->
                lines.add(
                    "Frechet distance "
                        + estimate(frechet)
                        + ", unprotected "
                        + estimate(measured.frechetUnprotected().orElseThrow())));
    return lines;
  }

  /** What the confirmation shows of replicas. */
  public static String replicas(
      CalibrationEvidence.Confirmation measured, CalibrationEvidence.Bounds bounds) {
    String seen =
        switch (measured.replicas()) {
          case 0 -> "no replica";
          case 1 -> "one replica";
          default -> measured.replicas() + " replicas";
        };
    return String.format(
        Locale.ROOT,
        "%s seen in %d images (unprotected: %d); the share is below %.3g %% with %.0f %%"
            + " confidence, allowed %.3g %%: %s",
        seen,
        measured.images(),
        measured.replicasUnprotected(),
        100 * measured.replicasAtMost(),
        100 * measured.confidence(),
        100 * bounds.maxReplicas(),
        measured.shown() ? "shown" : "not shown");
  }

  private static String estimate(CalibrationEvidence.Estimate estimate) {
    return String.format(
        Locale.ROOT, "%.3f [%.3f, %.3f]", estimate.value(), estimate.low(), estimate.high());
  }

  private static String percent(double share) {
    return String.format(Locale.ROOT, "%.1f %%", 100 * share);
  }
}
