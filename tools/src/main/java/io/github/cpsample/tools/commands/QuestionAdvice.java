package io.github.cpsample.tools.commands;

import io.github.cpsample.bundle.Manifest;
import io.github.cpsample.protection.Subject;
import io.github.cpsample.protection.Thresholds;
import io.github.cpsample.sampling.SampleSettings;
import java.util.Locale;
import java.util.Optional;

/** What to say where the classifier is asked about something that its thresholds are not for. */
final class QuestionAdvice {

  private QuestionAdvice() {}

  static Optional<String> of(Manifest manifest, SampleSettings settings) {
    Subject own = manifest.protection().asks();
    Subject asked = settings.protection().asks();
    Optional<Thresholds> thresholds = settings.protection().thresholds();
    if (!settings.guarded() || asked == own || thresholds.isEmpty()) {
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
}
