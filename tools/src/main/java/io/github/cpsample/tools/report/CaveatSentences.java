package io.github.cpsample.tools.report;

import io.github.cpsample.evaluation.figures.AttackFigures;
import io.github.cpsample.evaluation.figures.MethodFigures;
import io.github.cpsample.evaluation.figures.Rate;
import io.github.cpsample.evaluation.figures.SearchFigures;
import io.github.cpsample.evaluation.statistics.Interval;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.stream.Stream;

/** What the figures do not say. */
final class CaveatSentences {

  private static final int FEW = 1000;

  private final ReportView view;

  CaveatSentences(ReportView view) {
    this.view = view;
  }

  List<String> sentences() {
    List<String> sentences = new ArrayList<>();
    fewestImages().ifPresent(images -> sentences.add(few(images)));
    view.mainMeasure()
        .filter(measure -> measure.falseAlarms().of() < FEW)
        .ifPresent(
            measure ->
                sentences.add(
                    "False alarms were counted on only "
                        + Numbers.whole(measure.falseAlarms().of())
                        + " held-out images, so rare ones were not seen."));
    fewestAttacked().ifPresent(images -> sentences.add(fewAttacked(images)));
    for (SearchFigures search : view.report().searches()) {
      Interval recall = search.recall();
      if (recall != null) {
        sentences.add(approximate(search, recall));
      }
    }
    for (MethodFigures method : view.report().methods()) {
      if (method.images() < method.seeds()) {
        sentences.add(fewer(method));
      }
    }
    sentences.add(
        "A rule finds the likeness that it measures. Copies of a part of an image, or of one that was"
            + " turned or recoloured, may go unnoticed.");
    sentences.add("An attack that fails here is no proof that no other attack succeeds.");
    sentences.add(
        "All figures hold for this model with these settings and for the training images that were"
            + " given; they say nothing about images that were not.");
    return sentences;
  }

  private OptionalInt fewestImages() {
    return Stream.of(ReportView.UNPROTECTED, ReportView.PROTECTED)
        .flatMap(method -> view.copies(method).stream())
        .mapToInt(Rate::of)
        .min();
  }

  /** Held-out images of the attack that had the fewest, if they are few. */
  private OptionalInt fewestAttacked() {
    return view.report().membership().stream()
        .flatMap(attack -> Stream.of(attack.withoutProtection(), attack.withProtection()))
        .filter(Objects::nonNull)
        .mapToInt(AttackFigures::others)
        .filter(others -> others < FEW)
        .min();
  }

  private static String fewAttacked(int images) {
    return "Attacks were tried on as few as "
        + Numbers.whole(images)
        + " held-out images; what is found at 0.1\u00a0% of false alarms is then found without any.";
  }

  private static String few(int images) {
    return "With "
        + Numbers.whole(images)
        + " images of a kind, a share of copies below "
        + Numbers.percent(CopySentences.atMost(Rate.of(0, images)))
        + " cannot be told from none"
        + (images < FEW ? "; more images would tell more." : ".");
  }

  private static String approximate(SearchFigures search, Interval recall) {
    return "Nearest images in "
        + search.space()
        + " ("
        + search.measure()
        + ") were searched for with an approximate index that finds "
        + Numbers.percent(recall)
        + " of the true ones; copies may have been missed.";
  }

  private static String fewer(MethodFigures method) {
    return "Of "
        + Numbers.whole(method.seeds())
        + " seeds "
        + method.title()
        + " delivered "
        + Numbers.whole(method.images())
        + " images; its shares are of the delivered ones.";
  }
}
