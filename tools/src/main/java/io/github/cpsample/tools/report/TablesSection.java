package io.github.cpsample.tools.report;

import static j2html.TagCreator.h3;

import io.github.cpsample.evaluation.figures.GuardFigures;
import io.github.cpsample.evaluation.figures.QualityFigures;
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
}
