package io.github.cpsample.tools.report;

import static j2html.TagCreator.h3;

import io.github.cpsample.evaluation.figures.GuardFigures;
import io.github.cpsample.evaluation.figures.MethodFigures;
import io.github.cpsample.evaluation.figures.QualityFigures;
import io.github.cpsample.evaluation.figures.Report;
import io.github.cpsample.evaluation.figures.SearchFigures;
import io.github.cpsample.evaluation.figures.SimilarityFigures;
import j2html.tags.DomContent;
import java.util.ArrayList;
import java.util.List;

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
            "Numbers in brackets are 95 % intervals: the measurement is taken from some images, and"
                + " with other images of the same kind it would mostly fall between them. A dash"
                + " stands for what was not measured."));
    content.add(h3("Copies"));
    content.addAll(new CopyTables(view.report()).content());
    content.add(h3("Quality"));
    content.addAll(new QualityTable(view).content());
    content.add(h3("Attacks"));
    content.addAll(new AttackTables(view.report().membership(), samePredictions()).content());
    return new Section("tables", "All measurements", content);
  }

  /** Whether protected predictions are the unprotected ones, as far as is known. */
  private boolean samePredictions() {
    GuardFigures guard = view.report().guard();
    return guard != null && guard.rule() != null && !guard.rule().movesPredictions();
  }

  /** Whether images look like real ones. */
  private static final class QualityTable {

    private final ReportView view;

    QualityTable(ReportView view) {
      this.view = view;
    }

    List<DomContent> content() {
      if (view.report().quality().isEmpty()) {
        return List.of(
            Parts.absent(
                "Quality was not measured: no embedder was given that can compare these images."));
      }
      return List.of(
          Parts.explained(
              "Frechet and kernel distance (FID and KID) compare sets of images: low means alike."
                  + " Precision is the share of images that look like real ones, recall the share"
                  + " of real images whose like the model makes. The rows of real images tell what"
                  + " to expect at best."),
          table().html());
    }

    private Table table() {
      Table table =
          new Table(
              "Quality, with 95 % intervals",
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
                Table.percent(quality.precision()),
                Table.percent(quality.recall())));
      }
      return table;
    }
  }

  /** How many images of which kind count as copies, by every measure. */
  private static final class CopyTables {

    private final Report report;

    CopyTables(Report report) {
      this.report = report;
    }

    List<DomContent> content() {
      if (report.replication().isEmpty()) {
        return List.of(Parts.absent("Copies were not counted in this audit."));
      }
      List<DomContent> content = new ArrayList<>();
      content.add(
          Parts.explained(
              "Images are compared pixel by pixel, and by what an embedder (a network that describes"
                  + " images by numbers) sees in them. l2 is the distance between two images, cosine"
                  + " how far they point the same way, ratio the distance to the nearest training image"
                  + " over that to the next ones. Where a threshold was chosen, it was chosen on one"
                  + " half of the held-out images, and false alarms were counted on the other."));
      content.add(shares().html());
      content.add(rules().html());
      if (!report.searches().isEmpty()) {
        content.add(searches().html());
      }
      return content;
    }

    private Table shares() {
      List<String> columns = new ArrayList<>(List.of("Measure"));
      report.methods().stream().map(MethodFigures::title).forEach(columns::add);
      columns.add("held-out images (false alarms)");
      columns.add("less with protection, percentage points");
      Table table = new Table("Share of images counted as copies, with 95 % intervals", columns);
      for (SimilarityFigures measure : report.replication()) {
        List<DomContent> cells = new ArrayList<>();
        for (MethodFigures method : report.methods()) {
          cells.add(Table.cell(ReportView.copies(measure, method.name()).orElse(null)));
        }
        cells.add(Table.cell(measure.falseAlarms()));
        cells.add(Table.points(measure.lessThanUnprotected()));
        table.row(ReportView.name(measure), cells);
      }
      return table;
    }

    private Table rules() {
      Table table =
          new Table(
              "What counts as a copy",
              List.of(
                  "Measure", "rule", "threshold", "how it was chosen", "false alarms counted on"));
      for (SimilarityFigures measure : report.replication()) {
        table.row(
            ReportView.name(measure),
            List.of(
                Table.words(measure.rule()),
                Table.cell(measure.threshold()),
                Table.cell(
                    measure.chosenFor() == 0
                        ? "fixed beforehand"
                        : "for " + Numbers.percent(measure.chosenFor()) + " false alarms"),
                Table.cell(Numbers.whole(measure.falseAlarms().of()) + " held-out images")));
      }
      return table;
    }

    private Table searches() {
      Table table =
          new Table(
              "How nearest training images were searched for",
              List.of(
                  "Space",
                  "measure",
                  "search",
                  "training images",
                  "true nearest found",
                  "true next ones found",
                  "queries tried",
                  "queries per second"));
      for (SearchFigures search : report.searches()) {
        boolean exact = search.recall() == null;
        table.row(
            search.space(),
            List.of(
                Table.cell(search.measure()),
                Table.words(search.search()),
                Table.cell(search.trainingImages()),
                exact ? Table.cell("all") : Table.percent(search.recall()),
                exact ? Table.cell("all") : Table.percent(search.nextRecall()),
                exact ? Table.cell(Numbers.NONE) : Table.cell(search.queries()),
                Table.cell(search.queriesPerSecond())));
      }
      return table;
    }
  }
}
