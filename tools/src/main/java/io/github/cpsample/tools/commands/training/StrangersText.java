package io.github.cpsample.tools.commands.training;

import io.github.cpsample.protection.Thresholds;
import io.github.cpsample.trainer.training.ClassifierRun;
import io.github.cpsample.trainer.training.ClassifierRun.StrangersUsed.MeasuredOn;
import io.github.cpsample.trainer.training.ClassifierRun.StrangersUsed.Source;
import io.github.cpsample.trainer.training.FalseAlarms;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Which strangers a classifier was taught and what its thresholds rest on, in words. */
final class StrangersText {

  private StrangersText() {}

  /** One line for each; none for the training of the paper. */
  static List<String> of(ClassifierRun run, double falseAlarms) {
    List<String> lines = new ArrayList<>();
    run.taught().ifPresent(used -> lines.addAll(lines(run, used, falseAlarms)));
    return lines;
  }

  private static List<String> lines(
      ClassifierRun run, ClassifierRun.StrangersUsed used, double falseAlarms) {
    List<String> lines = new ArrayList<>();
    lines.add("asked about " + run.settings().asks());
    lines.add("strangers: " + strangers(used));
    if (used.measuredOn() == MeasuredOn.NOTHING || run.measured().isEmpty()) {
      lines.add(
          "thresholds: not measured, since there are no images that were not trained on; how many"
              + " strangers the gate guards is not known. Give --heldout, or --strangers");
      return lines;
    }
    Thresholds found = run.measured().get();
    FalseAlarms wanted = new FalseAlarms(falseAlarms);
    lines.add(thresholds(found, used));
    if (found.lastTimestep() < run.settings().exposure().pool().lastTimestep()) {
      lines.add(
          String.format(
              Locale.ROOT,
              "guarded up to timestep %.0f, since above it fewer than %s of the training images are"
                  + " recognised",
              found.lastTimestep(),
              percent(wanted.recognisedAtLeast())));
    }
    int needed = wanted.fewestImages();
    if (used.measured() < needed) {
      lines.add(
          String.format(
              Locale.ROOT,
              "thresholds: %d images are too few to tell %s false alarms with 95 %% confidence,"
                  + " which takes %d; the largest certainty was taken at every level",
              used.measured(),
              percent(falseAlarms),
              needed));
    }
    return lines;
  }

  private static String strangers(ClassifierRun.StrangersUsed used) {
    if (used.source() == Source.MIXTURES) {
      return used.source() + ", since there are no others";
    }
    return String.format(
        Locale.ROOT,
        "%d %s (%d left out: near a training image)",
        used.trained(),
        used.source(),
        used.near());
  }

  private static String thresholds(Thresholds thresholds, ClassifierRun.StrangersUsed used) {
    return String.format(
        Locale.ROOT,
        "thresholds: for at most %s false alarms at any noise level, measured on %d %s",
        percent(thresholds.falseAlarms()),
        used.measured(),
        used.measuredOn());
  }

  private static String percent(double share) {
    return String.format(Locale.ROOT, "%.3g %%", 100 * share);
  }
}
