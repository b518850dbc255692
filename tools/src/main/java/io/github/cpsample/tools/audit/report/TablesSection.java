package io.github.cpsample.tools.audit.report;

import static j2html.TagCreator.h3;

import io.github.cpsample.tools.audit.figures.AttackFigures;
import io.github.cpsample.tools.audit.figures.MembershipFigures;
import io.github.cpsample.tools.audit.figures.QualityFigures;
import io.github.cpsample.tools.audit.figures.SearchFigures;
import io.github.cpsample.tools.audit.figures.SimilarityFigures;
import j2html.tags.DomContent;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** All measurements with their intervals. */
final class TablesSection {

  private final ReportView view;

  TablesSection(ReportView view) {
    this.view = view;
  }

  Section section() {
    List<DomContent> content = new ArrayList<>();
    content.add(
        Parts.explained(
            "Numbers in brackets are 95 % intervals: the measurement is taken from some images, and"
                + " with other images of the same kind it would mostly fall between them. A dash"
                + " stands for what was not measured."));
    content.add(h3("Copies"));
    addCopies(content);
    content.add(h3("Quality"));
    addQuality(content);
    content.add(h3("Attacks"));
    addAttacks(content);
    return new Section("tables", "All measurements", content);
  }

  private void addCopies(List<DomContent> content) {
    if (view.report().replication().isEmpty()) {
      content.add(Parts.absent("Copies were not counted in this audit."));
      return;
    }
    content.add(
        Parts.explained(
            "l2 is the distance, cosine the angle between two images or their features, ratio the"
                + " distance to the nearest training image over that to the next ones. Where a"
                + " threshold was chosen, it was chosen on one half of the held-out images and"
                + " false alarms were counted on the other half."));
    view.report().replication().forEach(measure -> content.add(copies(measure).html()));
    if (!view.report().searches().isEmpty()) {
      content.add(searches().html());
    }
  }

  private Table copies(SimilarityFigures measure) {
    Table table =
        new Table(
            measure.space()
                + ", "
                + measure.measure()
                + ": a copy if "
                + measure.rule()
                + ". "
                + threshold(measure),
            List.of("Images", "counted as copies", "of images"));
    for (SimilarityFigures.MethodRate rate : measure.methods()) {
      table.row(
          view.title(rate.method()),
          List.of(Table.cell(rate.replicas()), Table.cell(rate.replicas().of())));
    }
    table.row(
        "held-out images (false alarms)",
        List.of(Table.cell(measure.falseAlarms()), Table.cell(measure.falseAlarms().of())));
    if (measure.lessThanUnprotected() != null) {
      table.row(
          "less with protection, in percentage points",
          List.of(Table.percent(measure.lessThanUnprotected()), Table.cell(Numbers.NONE)));
    }
    return table;
  }

  private static String threshold(SimilarityFigures measure) {
    String number = "Threshold " + Numbers.decimal(measure.threshold());
    return measure.chosenFor() == 0
        ? number + ", fixed beforehand"
        : number + ", chosen for " + Numbers.percent(measure.chosenFor()) + " false alarms";
  }

  private Table searches() {
    Table table =
        new Table(
            "How nearest training images were searched for",
            List.of("Space", "search", "true neighbours found", "images per second"));
    for (SearchFigures search : view.report().searches()) {
      table.row(
          search.space(),
          List.of(
              Table.cell(search.search()),
              search.recall() == null
                  ? Table.cell("all: the search is exact")
                  : Table.percent(search.recall()),
              Table.cell(search.queriesPerSecond())));
    }
    return table;
  }

  private void addQuality(List<DomContent> content) {
    if (view.report().quality().isEmpty()) {
      content.add(
          Parts.absent(
              "Quality was not measured: no embedder was given that can compare these images."));
      return;
    }
    content.add(
        Parts.explained(
            "Frechet and kernel distance (FID and KID) compare sets of images: low means alike."
                + " Precision is the share of images that look like real ones, recall the share of"
                + " real images whose like the model makes. The rows of real images tell what to"
                + " expect at best."));
    Table table =
        new Table(
            "Quality, with 95 % intervals",
            List.of(
                "Images",
                "compared with",
                "by",
                "images",
                "references",
                "Frechet distance",
                "kernel distance",
                "precision",
                "recall"));
    for (QualityFigures quality : view.report().quality()) {
      table.row(
          view.title(quality.method()),
          List.of(
              Table.cell(quality.reference()),
              Table.cell(quality.embedder()),
              Table.cell(quality.images()),
              Table.cell(quality.references()),
              Table.cell(quality.frechetDistance()),
              Table.cell(quality.kernelDistance()),
              Table.cell(quality.precision()),
              Table.cell(quality.recall())));
    }
    content.add(table.html());
  }

  private void addAttacks(List<DomContent> content) {
    if (view.report().membership().isEmpty()) {
      content.add(Parts.absent("No attacks were run in this audit."));
      return;
    }
    content.add(
        Parts.explained(
            "The area under the curve (AUC) is the share of pairs of a training image and another"
                + " image that the attack puts in the right order: 50 % is guessing. “Found at 1 %”"
                + " is the share of training images found when at most 1 % of other images are"
                + " wrongly accused. p tells how often guessing would look at least as good."));
    Table table =
        new Table(
            "Attacks, with 95 % intervals",
            List.of(
                "Attack",
                "against",
                "AUC",
                "found at 1 %",
                "found at 0.1 %",
                "best accuracy",
                "best balanced accuracy",
                "t",
                "degrees of freedom",
                "p (Student)",
                "p (normal)"));
    for (MembershipFigures attack : view.report().membership()) {
      if (attack.withoutProtection() != null) {
        table.row(attack.attack(), cells("no protection", attack.withoutProtection()));
      }
      if (attack.withProtection() != null) {
        table.row(attack.attack(), cells("protection", attack.withProtection()));
      }
    }
    content.add(table.html());
  }

  private static List<DomContent> cells(String against, AttackFigures figures) {
    return Stream.of(
            Table.cell(against),
            Table.cell(figures.auc()),
            Table.percent(figures.truePositivesAt1Percent()),
            Table.percent(figures.truePositivesAt1PerMille()),
            Table.percent(figures.bestAccuracy()),
            Table.percent(figures.bestBalancedAccuracy()),
            Table.cell(figures.test() == null ? Double.NaN : figures.test().t()),
            Table.cell(figures.test() == null ? Double.NaN : figures.test().degreesOfFreedom()),
            Table.cell(figures.test() == null ? Double.NaN : figures.test().upperStudentP()),
            Table.cell(figures.test() == null ? Double.NaN : figures.test().upperNormalP()))
        .toList();
  }
}
