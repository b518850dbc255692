package io.github.cpsample.tools.report;

import io.github.cpsample.evaluation.figures.AttackFigures;
import io.github.cpsample.evaluation.figures.MembershipFigures;
import io.github.cpsample.evaluation.figures.MembershipFigures.Outcome;
import io.github.cpsample.evaluation.figures.MembershipFigures.ResidualTest;
import j2html.tags.DomContent;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** What every attack tells. */
final class AttackTables {

  private static final String ATTACK = "Attack";
  private static final String AGAINST = "against";
  private static final String SAME =
      " This model's correction does not move predictions, it only sends images back: attacks on"
          + " protected predictions are those on unprotected ones, and protection takes nothing"
          + " from them.";

  private final List<MembershipFigures> attacks;

  private final boolean samePredictions;

  /**
   * Of some attacks.
   *
   * @param samePredictions whether protected predictions are the unprotected ones
   */
  AttackTables(List<MembershipFigures> attacks, boolean samePredictions) {
    this.attacks = attacks;
    this.samePredictions = samePredictions;
  }

  List<DomContent> content() {
    if (attacks.isEmpty()) {
      return List.of(Parts.absent("No attacks were run in this audit."));
    }
    List<DomContent> content = new ArrayList<>();
    content.add(
        Parts.explained(
            "The area under the curve (AUC) is the share of pairs of a training image and another"
                + " image that the attack puts in the right order: 0.5 is guessing, 1 is certainty."
                + " “Found at 1 %” is the share of training images found while at most 1 % of the"
                + " others are wrongly taken for training images. An attacker who “knows the"
                + " direction” found out on half of the images whether high or low scores mean"
                + " training images; the numbers are from the other half. An attack can be turned"
                + " round, so an AUC tells as much as 1 less the AUC does."
                + (samePredictions ? SAME : "")));
    content.add(found().html());
    content.add(
        Parts.explained(
            "The best accuracy is that of the best threshold for these very images, so it lies above"
                + " 50 % even for guesses. p tells how often guessing would look at least as good as"
                + " this; below 0.05 it is usually not taken for chance."));
    content.add(tests().html());
    content.add(losses().html());
    if (attacks.stream().anyMatch(attack -> attack.residualTest() != null)) {
      content.add(
          Parts.explained(
              "The test of the authors of CPSample compares mean residuals of batches. A p near 0"
                  + " gives training images away; so does one near 1, to whoever turns it round."));
      content.add(residuals().html());
    }
    return content;
  }

  private void eachSide(BiConsumer<MembershipFigures, Side> action) {
    for (MembershipFigures attack : attacks) {
      if (attack.withoutProtection() != null) {
        action.accept(attack, new Side("no protection", attack.withoutProtection()));
      }
      if (attack.withProtection() != null) {
        action.accept(attack, new Side("protection", attack.withProtection()));
      }
    }
  }

  private record Side(String name, AttackFigures figures) {}

  private Table found() {
    Table table =
        new Table(
            "What the attacks find, with 95 % intervals",
            List.of(
                ATTACK,
                AGAINST,
                "training images and others",
                "AUC",
                "AUC, turned round",
                "found at 1 %",
                "found at 0.1 %",
                "AUC, direction known",
                "found at 1 %, direction known",
                "found at 1 %, better direction"));
    eachSide((attack, side) -> table.row(attack.attack(), found(side)));
    return table;
  }

  private static List<DomContent> found(Side side) {
    AttackFigures figures = side.figures();
    AttackFigures.Direction direction = figures.direction();
    return List.of(
        Table.cell(side.name()),
        Table.cell(Numbers.whole(figures.members()) + " and " + Numbers.whole(figures.others())),
        Table.cell(figures.auc()),
        Table.cell(figures.auc() == null ? null : figures.auc().lessThanOne()),
        Table.percent(figures.truePositivesAt1Percent()),
        Table.percent(figures.truePositivesAt1PerMille()),
        Table.cell(direction == null ? null : direction.auc()),
        Table.percent(direction == null ? null : direction.truePositivesAt1Percent()),
        Table.cell(figures.mostTruePositives()));
  }

  private Table tests() {
    Table table =
        new Table(
            "Accuracy and tests, with 95 % intervals",
            List.of(
                ATTACK,
                AGAINST,
                "best accuracy",
                "best balanced accuracy",
                "scores turned round",
                "AUC when choosing",
                "t",
                "degrees of freedom",
                "p (Student)",
                "p (normal)"));
    eachSide((attack, side) -> table.row(attack.attack(), tested(side)));
    return table;
  }

  private static List<DomContent> tested(Side side) {
    AttackFigures figures = side.figures();
    AttackFigures.Direction direction = figures.direction();
    List<DomContent> cells = new ArrayList<>();
    cells.add(Table.cell(side.name()));
    cells.add(Table.percent(figures.bestAccuracy()));
    cells.add(Table.percent(figures.bestBalancedAccuracy()));
    cells.add(Table.cell(direction == null ? Numbers.NONE : direction.turned() ? "yes" : "no"));
    cells.add(Table.cell(direction == null ? Double.NaN : direction.choosingAuc()));
    if (figures.test() == null) {
      for (int i = 0; i < 4; i++) {
        cells.add(Table.cell(Numbers.NONE));
      }
    } else {
      cells.add(Table.cell(figures.test().t()));
      cells.add(Table.cell(figures.test().degreesOfFreedom()));
      cells.add(Table.cell(figures.test().upperStudentP()));
      cells.add(Table.cell(figures.test().upperNormalP()));
    }
    return cells;
  }

  private Table losses() {
    Table table =
        new Table(
            "Who can mount the attacks, and what protection takes from them",
            List.of(
                ATTACK,
                "by",
                "the attacker",
                "access",
                "AUC lost by protection",
                "the same, direction known"));
    for (MembershipFigures attack : attacks) {
      table.row(
          attack.attack(),
          List.of(
              Table.cell(attack.source()),
              Table.words(attack.attacker()),
              Table.cell(attack.access()),
              Table.cell(attack.aucLost()),
              Table.cell(attack.directedAucLost())));
    }
    return table;
  }

  private Table residuals() {
    Table table =
        new Table(
            "The authors' test of residuals",
            List.of(ATTACK, AGAINST, "images per batch", "t", "p (normal)", "p (Student)"));
    attacks.stream()
        .filter(attack -> attack.residualTest() != null)
        .forEach(
            attack -> {
              ResidualTest test = attack.residualTest();
              add(table, attack.attack(), "no protection", test, test.withoutProtection());
              add(table, attack.attack(), "protection", test, test.withProtection());
            });
    return table;
  }

  private static void add(
      Table table, String attack, String against, ResidualTest test, @Nullable Outcome outcome) {
    if (outcome != null) {
      table.row(
          attack,
          List.of(
              Table.cell(against),
              Table.cell(test.batchSize()),
              Table.cell(outcome.statistic()),
              Table.cell(outcome.upperNormalP()),
              Table.cell(outcome.upperStudentP())));
    }
  }
}
