package io.github.cpsample.tools.report;

import io.github.cpsample.evaluation.figures.Deployment;
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
                  + " of them. The strongest attack was found on one half of the images and is judged"
                  + " on the other. An AUC of 0.5 is guessing, 1 is certainty; “at most” is the most"
                  + " that the interval of any attack leaves possible."));
      content.add(table().html());
      content.add(attacks().html());
    }
    return new Section("deployments", "Which deployments do the figures support?", content);
  }

  private Table table() {
    Table table =
        new Table(
            "Deployments and what the figures support, with 95\u00a0% intervals",
            List.of(
                "Deployment",
                "what the figures support",
                "strongest attack",
                "its AUC",
                "it finds at 1\u00a0%",
                "AUC, at most",
                "found at 1\u00a0%, at most"));
    for (Deployment deployment : deployments) {
      table.row(
          deployment.name(),
          List.of(
              Table.words(verdict(deployment)),
              Table.words(deployment.strongest() == null ? Numbers.NONE : deployment.strongest()),
              Table.cell(deployment.auc()),
              Table.percent(deployment.truePositivesAt1Percent()),
              Table.cell(deployment.possibleAuc()),
              Table.cell(Numbers.percent(deployment.possibleTruePositives()))));
    }
    return table;
  }

  private Table attacks() {
    Table table =
        new Table(
            "What attackers get, and what they can try with it",
            List.of("Deployment", "the attacker", "attacks"));
    for (Deployment deployment : deployments) {
      table.row(
          deployment.name(),
          List.of(
              Table.words(deployment.attacker()),
              Table.words(
                  deployment.attacks().isEmpty()
                      ? Numbers.NONE
                      : String.join("; ", deployment.attacks()))));
    }
    return table;
  }

  /** The verdict, which begins with the judgement. */
  static String verdict(Deployment deployment) {
    String judgement =
        switch (deployment.support()) {
          case SUPPORTED -> "Supported";
          case NOT_SUPPORTED -> "Not supported";
          case UNDECIDED -> "Undecided";
        };
    return deployment.verdict().startsWith(judgement)
        ? deployment.verdict()
        : judgement + ": " + deployment.verdict();
  }
}
