package io.github.cpsample.tools.report;

import io.github.cpsample.evaluation.figures.MethodFigures;
import io.github.cpsample.evaluation.figures.Rate;
import io.github.cpsample.evaluation.figures.SimilarityFigures;
import io.github.cpsample.evaluation.statistics.Interval;
import io.github.cpsample.evaluation.statistics.ProportionLimit;
import java.util.ArrayList;
import java.util.List;

/** What the counts of copies say, and no more than their intervals support. */
final class CopySentences {

  private static final double CONFIDENCE = 0.95;

  private final ReportView view;

  CopySentences(ReportView view) {
    this.view = view;
  }

  List<String> sentences() {
    if (view.mainMeasure().isEmpty()) {
      return List.of("Whether images copy training images was not measured.");
    }
    SimilarityFigures measure = view.mainMeasure().get();
    List<String> sentences = new ArrayList<>();
    view.copies(ReportView.UNPROTECTED)
        .ifPresent(rate -> sentences.add(counted(rate, "made without protection")));
    view.copies(ReportView.PROTECTED)
        .ifPresent(rate -> sentences.add(counted(rate, "made with protection")));
    if (measure.lessThanUnprotected() != null) {
      sentences.add(difference(measure.lessThanUnprotected()));
    }
    for (MethodFigures method : view.report().methods()) {
      if (!method.name().equals(ReportView.UNPROTECTED)
          && !method.name().equals(ReportView.PROTECTED)) {
        view.copies(method.name())
            .ifPresent(rate -> sentences.add(counted(rate, "made with " + method.title())));
      }
    }
    sentences.add("An image counts as a copy if " + measure.rule() + ".");
    sentences.add(falseAlarms(measure.falseAlarms()));
    view.copies(ReportView.PROTECTED)
        .filter(rate -> Numbers.hits(rate) > 0)
        .ifPresent(rate -> sentences.add(comparedWithErrors(rate, measure.falseAlarms())));
    return sentences;
  }

  /**
   * What a share is at most, with 95 % confidence. For a few images the upper end of Wilson's
   * interval has less, and the exact limit is larger.
   */
  static double atMost(Rate rate) {
    return Math.max(rate.high(), ProportionLimit.upper(Numbers.hits(rate), rate.of(), CONFIDENCE));
  }

  /** How many of how many; none is an upper bound. */
  static String counted(Rate rate, String made) {
    long hits = Numbers.hits(rate);
    String images = Numbers.whole(rate.of()) + (rate.of() == 1 ? " image " : " images ") + made;
    if (hits == 0) {
      return "None of "
          + images
          + " copied a training image. From so many images one can conclude that at most "
          + Numbers.percent(atMost(rate))
          + " do (95\u00a0% confidence), not that none ever does.";
    }
    return Numbers.whole(hits)
        + " of "
        + images
        + " copied a training image: "
        + Numbers.percent(rate)
        + ".";
  }

  private static String difference(Interval less) {
    boolean worse = less.value() < 0;
    String points =
        Numbers.points(Math.abs(less.value()))
            + " percentage points "
            + (worse
                ? Numbers.percentRange(-less.high(), -less.low())
                : Numbers.percentRange(less.low(), less.high()));
    if (less.low() > 0) {
      return "Protection lowered the share of copies by " + points + ".";
    }
    if (less.high() < 0) {
      return "With protection the share of copies was higher, by " + points + ".";
    }
    return "The share of copies with protection cannot be told from that without: the difference is "
        + points
        + (less.value() == 0 ? "" : worse ? ", more copies with it" : ", fewer copies with it")
        + ", and may be chance.";
  }

  private static String falseAlarms(Rate rate) {
    long hits = Numbers.hits(rate);
    String images = Numbers.whole(rate.of()) + " held-out images";
    return hits == 0
        ? "False alarms: the rule called none of "
            + images
            + " copies, so it errs on at most "
            + Numbers.percent(atMost(rate))
            + " of them (95\u00a0% confidence)."
        : "False alarms: the rule also called "
            + Numbers.whole(hits)
            + " of "
            + images
            + " copies ("
            + Numbers.percent(rate)
            + "), which the model has never seen.";
  }

  private static String comparedWithErrors(Rate copies, Rate falseAlarms) {
    if (copies.low() > falseAlarms.high()) {
      return "That is more with protection than the rule's false alarms explain.";
    }
    if (copies.high() < falseAlarms.low()) {
      return "That is less with protection than the rule's false alarms on unseen images.";
    }
    return "The share with protection cannot be told from the rule's false alarms.";
  }
}
