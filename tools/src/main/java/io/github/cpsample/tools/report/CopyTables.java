package io.github.cpsample.tools.report;

import io.github.cpsample.evaluation.figures.MethodFigures;
import io.github.cpsample.evaluation.figures.Report;
import io.github.cpsample.evaluation.figures.SearchFigures;
import io.github.cpsample.evaluation.figures.SimilarityFigures;
import j2html.tags.DomContent;
import java.util.ArrayList;
import java.util.List;

/** How many images of which kind count as copies, by every measure. */
final class CopyTables {

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
