package io.github.cpsample.tools.report;

import io.github.cpsample.evaluation.figures.GuardFigures;
import io.github.cpsample.evaluation.figures.QualityFigures;
import io.github.cpsample.evaluation.statistics.Interval;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What protection costs in quality and in time. */
final class CostSentences {

  private final ReportView view;

  CostSentences(ReportView view) {
    this.view = view;
  }

  List<String> sentences() {
    List<String> sentences = new ArrayList<>();
    Optional<QualityFigures> without = view.quality(ReportView.UNPROTECTED);
    Optional<QualityFigures> with = view.quality(ReportView.PROTECTED);
    if (without.isPresent() && with.isPresent()) {
      sentences.add(
          "Likeness to held-out images (Frechet distance, low is good): "
              + change(
                  without.get().frechetDistance(),
                  with.get().frechetDistance(),
                  "worse",
                  "better"));
      sentences.add(
          "Share of images that look real (precision): "
              + percentChange(without.get().precision(), with.get().precision()));
      sentences.add(
          "Share of real images whose like is made (recall): "
              + percentChange(without.get().recall(), with.get().recall()));
    } else {
      sentences.add("What protection costs in quality was not measured.");
    }
    GuardFigures guard = view.report().guard();
    if (guard == null || guard.overhead() == null) {
      sentences.add("What protection costs in time was not measured.");
    } else {
      sentences.add(time(guard.overhead()));
    }
    if (guard != null && guard.stepsGuarded() != null) {
      sentences.add(
          "The guard stepped in at "
              + Numbers.percent(guard.stepsGuarded())
              + " of all steps, in "
              + Numbers.percent(guard.imagesGuarded())
              + " of all images.");
    }
    return sentences;
  }

  private static String change(Interval without, Interval with, String more, String less) {
    return sentence(
        Numbers.decimal(without), Numbers.decimal(with), compared(without, with), more, less);
  }

  private static String percentChange(Interval without, Interval with) {
    return sentence(
        Numbers.percent(without),
        Numbers.percent(with),
        compared(without, with),
        "better",
        "worse");
  }

  private static String sentence(
      String without, String with, int compared, String more, String less) {
    String verdict =
        compared == 0
            ? "the intervals overlap, so no change is shown"
            : compared > 0 ? more + " with protection" : less + " with protection";
    return without + " without protection, " + with + " with it; " + verdict + ".";
  }

  /**
   * 1 if the second lies above the first, -1 if below, 0 if their intervals have a common point.
   */
  private static int compared(Interval without, Interval with) {
    if (with.low() > without.high()) {
      return 1;
    }
    return with.high() < without.low() ? -1 : 0;
  }

  private static String time(Interval overhead) {
    String times = Numbers.decimal(overhead);
    if (overhead.low() > 1) {
      return "A protected image takes " + times + " times as long as an unprotected one.";
    }
    if (overhead.high() < 1) {
      return "A protected image takes " + times + " of the time of an unprotected one.";
    }
    return "A difference in time could not be shown: a protected image takes "
        + times
        + " times as long as an unprotected one.";
  }
}
