package io.github.cpsample.tools.commands.sampling;

import io.github.cpsample.bundle.Manifest;
import io.github.cpsample.protection.Correction;
import io.github.cpsample.protection.Subject;
import io.github.cpsample.protection.Thresholds;
import io.github.cpsample.sampling.ImageReport;
import io.github.cpsample.sampling.SampleResult;
import io.github.cpsample.sampling.SampleSettings;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** What its user is told about a sampling beside what was asked for. */
final class SampleNotes {

  /** From twice the model's steps on image-to-image was measured to be protected less. */
  private static final int FEW_TIMES = 2;

  private SampleNotes() {}

  /** Where the classifier is asked about something that its thresholds are not for. */
  static Optional<String> onTheQuestion(Manifest manifest, SampleSettings settings) {
    Subject own = manifest.protection().asks();
    Subject asked = settings.guarding().protection().asks();
    Optional<Thresholds> thresholds = settings.guarding().protection().thresholds();
    if (!settings.guarding().on() || asked == own || thresholds.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        String.format(
            Locale.ROOT,
            "note: the thresholds of %s were measured with --asks %s; with %s it is not known how"
                + " many strangers they guard. --alpha takes one threshold instead",
            manifest.name(),
            own,
            asked));
  }

  /**
   * Where images are sampled in many more steps than the model's scale was found for. A step pushes
   * by the scale times what the step changes of the noise level, so that more steps push less each,
   * and a sample is pushed until the gate just closes (docs/studies/push-alone.md, "Steps").
   */
  static Optional<String> onTheSteps(Manifest manifest, SampleSettings settings) {
    int usual = manifest.sampler().steps();
    double scale = manifest.protection().scale();
    boolean weaker =
        settings.guarding().on()
            && settings.guarding().protection().correction().kind().move() == Correction.Move.PUSH
            && settings.trajectory().steps() >= FEW_TIMES * usual
            && settings.guarding().protection().scale() <= scale;
    return weaker
        ? Optional.of(
            String.format(
                Locale.ROOT,
                "note: the scale %.4g of %s was found for %d steps; in %d steps it protects less."
                    + " --scale %.4g pushes as far in a step as it does in one of %d",
                scale,
                manifest.name(),
                usual,
                settings.trajectory().steps(),
                scale * settings.trajectory().steps() / usual,
                usual))
        : Optional.empty();
  }

  /** Images that the classifier still recognises after all that was allowed; possibly none. */
  static List<String> onFailures(SampleResult result) {
    List<String> lines = new ArrayList<>();
    int asked = result.settings().images().count();
    List<Long> recognised =
        result.reports().stream().filter(ImageReport::recognised).map(ImageReport::seed).toList();
    if (!recognised.isEmpty()) {
      lines.add(
          String.format(
              Locale.ROOT,
              "still recognised: %d of %d images, which may be copies of training images (seeds"
                  + " %s); --on-failure withhold leaves them out",
              recognised.size(),
              asked,
              recognised));
    }
    int withheld = result.totals().imagesWithheld();
    if (withheld > 0) {
      lines.add(
          String.format(
              Locale.ROOT,
              "withheld: %d of %d images, which are still recognised; the others have moved up, and"
                  + " report.json says the seed of each",
              withheld,
              asked));
    }
    return lines;
  }
}
