package io.github.cpsample.tools.report;

import static j2html.TagCreator.attrs;
import static j2html.TagCreator.div;
import static j2html.TagCreator.each;
import static j2html.TagCreator.figcaption;
import static j2html.TagCreator.figure;
import static j2html.TagCreator.p;
import static j2html.TagCreator.strong;
import static j2html.TagCreator.text;

import io.github.cpsample.evaluation.figures.WorstPair;
import j2html.tags.DomContent;
import j2html.tags.specialized.FigureTag;
import java.util.ArrayList;
import java.util.List;

/** The images that came nearest to training images, and what protection made of their seeds. */
final class WorstPairsSection {

  private static final String TITLE = "Worst pairs";
  private static final String MISSING = "not available";

  private final ReportView view;

  WorstPairsSection(ReportView view) {
    this.view = view;
  }

  Section section() {
    List<WorstPair> worst = view.report().worst();
    List<DomContent> content = new ArrayList<>();
    if (worst.isEmpty()) {
      content.add(Parts.absent("No pairs were recorded in this audit."));
    } else {
      content.add(
          Parts.explained(
              "These are the "
                  + worst.size()
                  + " images made without protection that came nearest to a training image,"
                  + " the nearest first. Beside each: that training image, and what the same"
                  + " starting noise (seed) became with protection. The ratio compares the"
                  + " distance to the nearest training image with the distance to the next ones:"
                  + " near 0 means a copy of this one image, near 1 means no nearer to it than to"
                  + " others."));
      if (!view.trainingImages()) {
        content.add(Parts.absent(Parts.LEFT_OUT));
      }
      content.add(div(attrs(".pairs"), each(worst, this::pair)));
    }
    return new Section("worst-pairs", TITLE, content);
  }

  private FigureTag pair(WorstPair pair) {
    return figure(
        attrs(".pair"),
        div(
            attrs(".pictures"),
            labelled("no protection", unprotected(pair)),
            labelled("training image", trainingImage(pair)),
            labelled("protected", guarded(pair))),
        figcaption(strong("Seed " + pair.seed()), text(": " + caption(pair))));
  }

  private static String caption(WorstPair pair) {
    return "nearest is training image "
        + pair.nearest()
        + ". Without protection "
        + verdict(pair.replica(), pair.ratio())
        + "; with protection "
        + verdict(pair.protectedReplica(), pair.protectedRatio())
        + ".";
  }

  private static String verdict(boolean copy, double ratio) {
    return (copy ? "a copy" : "no copy") + ", ratio " + Numbers.decimal(ratio);
  }

  /**
   * These are the nearest to training images that there are, whether the rule counts them or not.
   */
  private DomContent unprotected(WorstPair pair) {
    return view.trainingImages()
        ? sample(pair, ReportView.UNPROTECTED)
        : Images.leftOut("left out: near a training image");
  }

  private DomContent guarded(WorstPair pair) {
    return view.trainingImages() || !pair.protectedReplica()
        ? sample(pair, ReportView.PROTECTED)
        : Images.leftOut("left out: a copy");
  }

  private DomContent sample(WorstPair pair, String method) {
    return Images.shown(
        view.pictures().sample(method, pair.seed()),
        "Image made from seed " + pair.seed() + ", " + view.title(method),
        MISSING);
  }

  private DomContent trainingImage(WorstPair pair) {
    if (!view.trainingImages()) {
      return Images.leftOut("left out");
    }
    return Images.shown(
        view.pictures().trainingImage(pair.nearest()), "Training image " + pair.nearest(), MISSING);
  }

  private static DomContent labelled(String label, DomContent picture) {
    return div(picture, p(label));
  }
}
