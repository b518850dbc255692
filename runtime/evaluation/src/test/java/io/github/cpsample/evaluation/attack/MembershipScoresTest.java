package io.github.cpsample.evaluation.attack;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import io.github.cpsample.evaluation.GoldenAudit;
import io.github.cpsample.evaluation.figures.AttackFigures;
import io.github.cpsample.evaluation.statistics.Bootstrap;
import io.github.cpsample.evaluation.statistics.Interval;
import io.github.cpsample.evaluation.statistics.WelchTest;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class MembershipScoresTest {

  private static final double ROUNDING = 1e-12;

  private final MembershipScores golden =
      new MembershipScores(GoldenAudit.memberScores(), GoldenAudit.otherScores());

  @Test
  void figuresAreTheGoldenOnes() {
    JsonObject expected = GoldenAudit.section("roc");
    AttackFigures figures = golden.figures(Bootstrap.usual(1));
    assertEquals(expected.get("auc").getAsDouble(), figures.auc().value(), ROUNDING);
    assertEquals(
        expected.get("tpr_at_fpr_1pct").getAsDouble(),
        figures.truePositivesAt1Percent().value(),
        ROUNDING);
    assertEquals(
        figures.truePositivesAt1Percent().value(),
        figures.truePositivesAt1PerMille().value(),
        0,
        "with 80 others none may be taken for a member at either rate");
    assertEquals(
        -expected.get("welch_t(member-nonmember)").getAsDouble(), figures.test().t(), 1e-11);
    assertTrue(figures.test().upperStudentP() < 1e-3);
    for (Interval interval :
        new Interval[] {figures.auc(), figures.bestAccuracy(), figures.bestBalancedAccuracy()}) {
      assertTrue(interval.low() < interval.high(), interval.toString());
    }
    assertTrue(figures.auc().low() > 0.5 && figures.auc().low() < 0.676875);
    assertTrue(figures.auc().high() < 0.8 && figures.auc().high() > 0.676875);
  }

  @Test
  void theAucsIntervalIsAsWideAsHanleyAndMcNeilSay() {
    // Their standard error for exponential scores: Q1 = A / (2 - A), Q2 = 2 A^2 / (1 + A).
    Random random = new Random(5);
    double[] members = random.doubles(300).map(u -> -Math.log(u)).toArray();
    double[] others = random.doubles(300).map(u -> -3 * Math.log(u)).toArray();
    Interval auc = new MembershipScores(members, others).figures(Bootstrap.usual(2)).auc();
    double a = auc.value();
    double q1 = a / (2 - a);
    double q2 = 2 * a * a / (1 + a);
    double variance = (a * (1 - a) + 299 * (q1 - a * a) + 299 * (q2 - a * a)) / (300.0 * 300.0);
    assertEquals(2 * 1.96 * Math.sqrt(variance), auc.high() - auc.low(), 0.012);
  }

  @Test
  void theDifferenceOfAModelToItselfIsZero() {
    Interval same = golden.aucDifference(golden, Bootstrap.usual(3));
    assertEquals(new Interval(0, 0, 0), same);
    MembershipScores blind =
        new MembershipScores(
            Arrays.stream(GoldenAudit.memberScores()).map(x -> 1).toArray(),
            Arrays.stream(GoldenAudit.otherScores()).map(x -> 1).toArray());
    Interval gained = golden.aucDifference(blind, Bootstrap.usual(3));
    assertEquals(0.676875 - 0.5, gained.value(), ROUNDING);
    assertTrue(gained.low() > 0, gained.toString());
  }

  @Test
  void batchMeansByHand() {
    MembershipScores scores =
        new MembershipScores(new double[] {1, 3, 3, 5, 100}, new double[] {4, 6, 7, 9});
    // Means of members 2 and 4, of others 5 and 8; the fifth member fills no batch.
    WelchTest test = scores.batchMeansTest(2).orElseThrow();
    assertEquals((6.5 - 3) / Math.sqrt(4.5 / 2 + 2.0 / 2), test.t(), ROUNDING);
    assertTrue(test.upperNormalP() < 0.05);
  }

  @Test
  void batchesOfOneAreTheScores() {
    assertEquals(golden.figures(Bootstrap.usual(1)).test(), golden.batchMeansTest(1).orElseThrow());
  }

  /** By hand: places 0 and 2 choose, places 1 and 3 are judged. */
  @Test
  void theDirectionIsChosenOnImagesThatItIsNotJudgedOn() {
    double[] others = {3, 3, 4, 4};
    AttackFigures.Direction turned =
        new MembershipScores(new double[] {5, 9, 6, 2}, others)
            .figures(Bootstrap.usual(1))
            .direction();
    assertTrue(turned.turned());
    assertEquals(1, turned.choosingAuc(), 0);
    assertEquals(0.5, turned.auc().value(), 0, "9 is above 3 and 4, 2 below both");
    assertEquals(0.5, turned.truePositivesAt1Percent().value(), 0, "9 is above all others");
    AttackFigures.Direction misled =
        new MembershipScores(new double[] {1, 9, 2, 8}, others)
            .figures(Bootstrap.usual(1))
            .direction();
    assertFalse(misled.turned());
    assertEquals(0, misled.auc().value(), 0, "wrong on the other half, and said so");
    assertEquals(0, misled.truePositivesAt1Percent().value(), 0);
  }

  @Test
  void scoresFarBelowChanceTellAsMuch() {
    double[] members = {7, 8, 9, 8, 7, 9};
    double[] others = {1, 2, 3, 1, 2, 3};
    AttackFigures figures = new MembershipScores(members, others).figures(Bootstrap.usual(1));
    assertEquals(0, figures.auc().value(), 0);
    assertEquals(0, figures.truePositivesAt1Percent().value(), 0);
    assertEquals(1, figures.direction().auc().value(), 0);
    assertEquals(1, figures.mostTruePositives().value(), 0, "a bound takes the better direction");
    assertEquals(6, figures.mostTruePositives().of());
    assertEquals(6, figures.members());
    MembershipScores upright = new MembershipScores(others, members);
    MembershipScores upsideDown = new MembershipScores(members, others);
    assertEquals(new Interval(1, 1, 1), upright.aucDifference(upsideDown, Bootstrap.usual(1)));
    assertEquals(
        new Interval(0, 0, 0), upright.directedAucDifference(upsideDown, Bootstrap.usual(1)));
  }

  @Test
  void scoresThatAreOneNumberTellNothing() {
    double[] same = {1, 1, 1, 1};
    MembershipScores blind = new MembershipScores(same, same);
    AttackFigures figures = blind.figures(Bootstrap.usual(1));
    assertEquals(new Interval(0.5, 0.5, 0.5), figures.auc());
    assertEquals(new Interval(0.5, 0.5, 0.5), figures.direction().auc());
    assertEquals(0, figures.mostTruePositives().value(), 0);
    assertNull(figures.test());
    assertTrue(blind.batchMeansTest(2).isEmpty());
  }

  @Test
  void refusesWhatHasNoFigures() {
    double[] two = {1, 2};
    assertThrows(IllegalArgumentException.class, () -> new MembershipScores(two, new double[0]));
    MembershipScores few = new MembershipScores(two, new double[] {1});
    assertThrows(IllegalArgumentException.class, () -> few.figures(Bootstrap.usual(1)));
    assertThrows(
        IllegalArgumentException.class,
        () -> new MembershipScores(new double[] {1, Double.NaN}, two));
    assertThrows(IllegalArgumentException.class, () -> golden.batchMeansTest(31));
    assertThrows(IllegalArgumentException.class, () -> golden.batchMeansTest(0));
    assertThrows(
        IllegalArgumentException.class,
        () -> golden.aucDifference(new MembershipScores(two, two), Bootstrap.usual(1)));
  }
}
