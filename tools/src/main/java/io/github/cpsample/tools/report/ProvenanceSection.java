package io.github.cpsample.tools.report;

import io.github.cpsample.evaluation.figures.Provenance;
import j2html.tags.DomContent;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** With what the audit was made, so that it can be repeated. */
final class ProvenanceSection {

  private final ReportView view;

  ProvenanceSection(ReportView view) {
    this.view = view;
  }

  Section section() {
    Provenance from = view.report().provenance();
    List<DomContent> content = new ArrayList<>();
    content.add(
        Parts.explained(
            "Everything that is needed to repeat this audit. A SHA-256 is a fingerprint of a file:"
                + " another file has another one."));
    content.add(
        new Table("The audit", List.of("What", "value"))
            .row("model", List.of(Table.cell(from.model())))
            .row("began", List.of(Table.cell(from.began())))
            .row("seconds of work", List.of(Table.cell(from.seconds())))
            .row("format of report.json", List.of(Table.cell(view.report().format())))
            .html());
    add(content, "Settings of the audit", from.settings());
    add(content, "Protection of the model", from.protection());
    add(content, "Sets of images", from.images());
    add(content, "Versions", from.versions());
    add(content, "Files of the model with their SHA-256", from.files());
    return new Section("provenance", "Settings, versions and hashes", content);
  }

  private static void add(List<DomContent> content, String caption, Map<String, String> values) {
    if (values.isEmpty()) {
      content.add(Parts.absent(caption + ": none were recorded."));
      return;
    }
    Table table = new Table(caption, List.of("Name", "value"));
    values.forEach((name, value) -> table.row(name, List.of(Table.words(value))));
    content.add(table.html());
  }
}
