package io.github.cpsample.evaluation.membership;

import io.github.cpsample.evaluation.figures.AttackFigures;
import io.github.cpsample.evaluation.figures.Deployment.Support;
import io.github.cpsample.evaluation.statistics.Interval;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** What is said about a deployment no more than its figures do. */
record Verdict(
    List<Deployments.Side> sides,
    Deployments.Reading strongest,
    double possibleAuc,
    double possibleTruePositives,
    Optional<Deployments.Reading> toldApart) {

  String sentence(Support support) {
    return judgement(support) + toldApart.map(Verdict::warning).orElse("");
  }

  private String judgement(Support support) {
    return switch (support) {
      case SUPPORTED ->
          "Supported by what was measured: with "
              + images()
              + ", "
              + bounds()
              + "; attacks that were not measured may tell more.";
      case NOT_SUPPORTED ->
          "Not supported: the strongest attack ("
              + strongest.described()
              + ") tells training images from others, "
              + judged()
              + ".";
      case UNDECIDED ->
          "Undecided with "
              + images()
              + ": the strongest attack ("
              + strongest.described()
              + ") has "
              + judged()
              + ", and "
              + bounds()
              + ".";
    };
  }

  private static String warning(Deployments.Reading control) {
    return String.format(
        Locale.ROOT,
        " Mind that training and held-out images differ in kind: the %s tells them apart with an"
            + " area of %.3f.",
        control.described(),
        control.auc().value());
  }

  private String images() {
    AttackFigures figures = strongest.side().figures();
    return figures.members() + " training images and " + figures.others() + " others";
  }

  private String judged() {
    Interval auc = strongest.auc();
    return String.format(
        Locale.ROOT,
        "area %.3f [%.3f, %.3f] %s, and %.0f %% of the training images found there at 1 %% of"
            + " false alarms",
        auc.value(),
        auc.low(),
        auc.high(),
        strongest.where(),
        100 * strongest.truePositives().value());
  }

  private String bounds() {
    return String.format(
        Locale.ROOT,
        "intervals of %d score%s admit an area of at most %.3f and at most %.0f %% of the training"
            + " images found at 1 %% of false alarms",
        sides.size(),
        sides.size() == 1 ? "" : "s",
        possibleAuc,
        100 * possibleTruePositives);
  }
}
