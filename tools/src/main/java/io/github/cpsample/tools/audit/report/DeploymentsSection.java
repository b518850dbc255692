package io.github.cpsample.tools.audit.report;

import io.github.cpsample.tools.audit.figures.Deployment;
import j2html.tags.DomContent;
import java.util.ArrayList;
import java.util.List;

/** What the attacks mean for those who give the model away, or only its images. */
final class DeploymentsSection {

  private final List<Deployment> deployments;

  DeploymentsSection(ReportView view) {
    this.deployments = view.report().deployments();
  }

  Section section() {
    List<DomContent> content = new ArrayList<>();
    if (deployments.isEmpty()) {
      content.add(
          Parts.absent(
              "No deployments were judged in this audit, so its numbers support none of them."));
    } else {
      content.add(
          Parts.explained(
              "What an attacker can learn depends on what the attacker gets. The classifier inside"
                  + " the bundle recognises training images, so whoever holds the bundle holds a list"
                  + " of them. The strongest attack is the one whose order tells most, whichever way"
                  + " round: an AUC of 0.5 is guessing, 1 is certainty."));
      Table table =
          new Table(
              "Deployments and what the figures support",
              List.of(
                  "Deployment",
                  "the attacker holds",
                  "what the figures support",
                  "strongest AUC",
                  "attacks"));
      for (Deployment deployment : deployments) {
        table.row(
            deployment.name(),
            List.of(
                Table.cell(deployment.attacker()),
                Table.cell(deployment.verdict()),
                Table.cell(deployment.largestAuc()),
                Table.cell(
                    deployment.attacks().isEmpty()
                        ? Numbers.NONE
                        : String.join("; ", deployment.attacks()))));
      }
      content.add(table.html());
    }
    return new Section("deployments", "Which deployments do the figures support?", content);
  }
}
