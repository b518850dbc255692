package io.github.cpsample.tools.report;

import static j2html.TagCreator.h3;

import io.github.cpsample.evaluation.figures.GuardFigures;
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
}
