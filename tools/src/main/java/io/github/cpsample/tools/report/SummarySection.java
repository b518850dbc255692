package io.github.cpsample.tools.report;

import static j2html.TagCreator.attrs;
import static j2html.TagCreator.div;
import static j2html.TagCreator.each;
import static j2html.TagCreator.h3;
import static j2html.TagCreator.li;
import static j2html.TagCreator.p;
import static j2html.TagCreator.strong;
import static j2html.TagCreator.text;
import static j2html.TagCreator.ul;

import io.github.cpsample.evaluation.figures.Deployment;
import io.github.cpsample.evaluation.figures.Rate;
import io.github.cpsample.evaluation.figures.Report;
import j2html.tags.DomContent;
import j2html.tags.specialized.DivTag;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** The findings in plain words. */
final class SummarySection {

  private final ReportView view;
  private final Report report;

  SummarySection(ReportView view) {
    this.view = view;
    this.report = view.report();
  }

  Section section() {
    List<DomContent> content = new ArrayList<>();
    content.add(p(audited()));
    List<DomContent> tiles = tiles();
    if (!tiles.isEmpty()) {
      content.add(div(attrs(".tiles"), each(tiles, tile -> tile)));
    }
    add(content, "Copies of training images", new CopySentences(view).sentences());
    add(content, "What protection costs", new CostSentences(view).sentences());
    addAttackers(content);
    add(content, "What to keep in mind", new CaveatSentences(view).sentences());
    if (!view.trainingImages()) {
      content.add(Parts.absent(Parts.LEFT_OUT));
    }
    return new Section("summary", "Summary", content);
  }

  private static void add(List<DomContent> content, String title, List<String> sentences) {
    content.add(h3(title));
    content.add(ul(each(sentences, sentence -> li(sentence))));
  }

  private String audited() {
    String methods =
        report.methods().stream()
            .map(method -> method.title() + " (" + Numbers.whole(method.images()) + " images)")
            .collect(Collectors.joining(", "));
    return "This is an audit of the model “"
        + report.provenance().model()
        + "”: does it reproduce the images it was trained on, what does protection with CPSample"
        + " change, and what does that cost? Images were made from the same starting noise in these"
        + " ways: "
        + (methods.isEmpty() ? "none" : methods)
        + "."
        + compared();
  }

  private String compared() {
    String training =
        report.searches().isEmpty()
            ? "the training images"
            : Numbers.whole(report.searches().get(0).trainingImages()) + " training images";
    return view.mainMeasure()
        .map(
            measure ->
                " They were compared with "
                    + training
                    + ". "
                    + Numbers.whole(measure.falseAlarms().of())
                    + " held-out images, which the model has never seen, show what to expect by"
                    + " chance.")
        .orElse("");
  }

  private List<DomContent> tiles() {
    List<DomContent> tiles = new ArrayList<>();
    view.copies(ReportView.UNPROTECTED)
        .ifPresent(rate -> tiles.add(tile("copies without protection", rate)));
    view.copies(ReportView.PROTECTED)
        .ifPresent(rate -> tiles.add(tile("copies with protection", rate)));
    view.mainMeasure()
        .ifPresent(
            measure -> tiles.add(tile("of unseen images called copies", measure.falseAlarms())));
    if (report.guard() != null && report.guard().overhead() != null) {
      tiles.add(
          tile(
              "time per image, unprotected = 1",
              Numbers.decimal(report.guard().overhead().value()),
              Numbers.range(report.guard().overhead())));
    }
    return tiles;
  }

  private static DivTag tile(String label, Rate rate) {
    return tile(
        label,
        Numbers.percent(rate.value()),
        Numbers.whole(Numbers.hits(rate))
            + " of "
            + Numbers.whole(rate.of())
            + ", "
            + Numbers.percentRange(rate.low(), rate.high()));
  }

  private static DivTag tile(String label, String value, String range) {
    return div(attrs(".tile"), p(attrs(".value"), value), p(label), p(attrs(".range"), range));
  }

  private void addAttackers(List<DomContent> content) {
    content.add(h3("What an attacker can learn, and which deployments that supports"));
    if (report.deployments().isEmpty()) {
      content.add(
          ul(li("What an attacker can learn was not measured, so no deployment is supported.")));
      return;
    }
    content.add(
        p(
            "An attacker wants to know whether an image was among the training images. How well that"
                + " works depends on what the attacker gets:"));
    content.add(ul(each(report.deployments(), SummarySection::learned)));
  }

  private static DomContent learned(Deployment deployment) {
    return li(
        strong(deployment.name() + ": "),
        text(
            "the attacker "
                + deployment.attacker()
                + ". "
                + DeploymentsSection.verdict(deployment)
                + (deployment.auc() == null ? "" : " " + order(deployment))));
  }

  private static String order(Deployment deployment) {
    return "The strongest attack puts a training image and another one in the right order in "
        + Numbers.percent(deployment.auc())
        + " of cases (guessing: 50\u00a0%).";
  }
}
