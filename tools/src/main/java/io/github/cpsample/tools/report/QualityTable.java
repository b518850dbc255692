package io.github.cpsample.tools.report;

import io.github.cpsample.evaluation.figures.QualityFigures;
import j2html.tags.DomContent;
import java.util.List;

/** Whether images look like real ones. */
final class QualityTable {

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
                + " Precision is the share of images that look like real ones, recall the share of"
                + " real images whose like the model makes. The rows of real images tell what to"
                + " expect at best."),
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
