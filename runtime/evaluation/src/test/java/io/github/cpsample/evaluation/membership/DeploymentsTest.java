package io.github.cpsample.evaluation.membership;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.cpsample.evaluation.attack.MembershipScores;
import io.github.cpsample.evaluation.figures.Deployment;
import io.github.cpsample.evaluation.figures.Deployment.Support;
import io.github.cpsample.evaluation.figures.MembershipFigures;
import io.github.cpsample.evaluation.statistics.Bootstrap;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What figures mean for deployments, from scores made up here. */
class DeploymentsTest {

  private static final Bootstrap BOOTSTRAP = Bootstrap.usual(3);

  /** Normal scores; those of members are lower by {@code shift} standard deviations. */
  private static MembershipScores scores(long seed, int count, double shift) {
    Random random = new Random(seed);
    double[] members = random.doubles(count).map(u -> random.nextGaussian() - shift).toArray();
    double[] others = random.doubles(count).map(u -> random.nextGaussian()).toArray();
    return new MembershipScores(members, others);
  }

  private static MembershipFigures figures(
      String name, Access access, MembershipScores without, MembershipScores with) {
    return new Attack(name, "made up", access).ofBoth(without, with, null, BOOTSTRAP);
  }

  private static Deployment only(Access access, MembershipScores with) {
    List<Deployment> found =
        Deployments.of(List.of(new Attack("noise", "made up", access).ofGuard(with, BOOTSTRAP)));
    assertEquals(1, found.size());
    return found.get(0);
  }

  @Test
  void manyImagesAndNoSignalAreSupportedWithinTheBounds() {
    Deployment found = only(Access.IMAGES_OUT, scores(1, 1000, 0));
    assertEquals(Support.SUPPORTED, found.support());
    assertTrue(found.possibleAuc() > 0.5 && found.possibleAuc() <= 0.6, found.toString());
    assertTrue(found.possibleTruePositives() <= 0.05, found.toString());
    assertTrue(found.verdict().startsWith("Supported by what was measured"), found.verdict());
    assertTrue(found.verdict().contains("1000 training images"), found.verdict());
  }

  @Test
  void fewImagesAndNoSignalAreUndecided() {
    Deployment found = only(Access.IMAGES_OUT, scores(1, 24, 0));
    assertEquals(Support.UNDECIDED, found.support());
    assertTrue(found.verdict().startsWith("Undecided with 24 training images"), found.verdict());
  }

  /** Of two and two images one of each is judged: area 1, whose resamples are all alike. */
  @Test
  void twoImagesDecideNothing() {
    double[] others = {1, 2};
    Deployment found = only(Access.IMAGES_OUT, new MembershipScores(new double[] {-1, -2}, others));
    assertEquals(1, found.auc().low());
    assertEquals(Support.UNDECIDED, found.support());
    double[] same = new double[100];
    assertEquals(
        Support.UNDECIDED,
        only(Access.IMAGES_OUT, new MembershipScores(same, new double[4])).support());
    assertEquals(
        Support.SUPPORTED, only(Access.IMAGES_OUT, new MembershipScores(same, same)).support());
  }

  @Test
  void aSignalIsNotSupportedWhicheverWayRound() {
    for (double shift : new double[] {2, -2}) {
      Deployment found = only(Access.IMAGES_IN, scores(1, 60, shift));
      assertEquals(Support.NOT_SUPPORTED, found.support());
      assertTrue(found.auc().low() > 0.5, found.toString());
      assertEquals(shift < 0, found.strongest().endsWith("turned round"), found.strongest());
      assertTrue(found.verdict().startsWith("Not supported"), found.verdict());
    }
  }

  /** A weak signal that many images show beyond doubt, and that is not within the bounds. */
  @Test
  void aWeakSignalThatIsCertainIsNotSupported() {
    Deployment found = only(Access.IMAGES_IN, scores(1, 2000, 0.4));
    assertTrue(found.auc().value() < 0.65, found.toString());
    assertEquals(Support.NOT_SUPPORTED, found.support());
  }

  /** A few members that are found for certain, though the area is near one half. */
  @Test
  void fewMembersFoundForCertainAreNotSupported() {
    Random random = new Random(4);
    double[] members = random.doubles(400).toArray();
    double[] others = random.doubles(400).toArray();
    for (int i = 0; i < 60; i++) {
      members[i] = -1;
    }
    for (int i = 60; i < 115; i++) {
      members[i] = 2;
    }
    Deployment found = only(Access.IMAGES_OUT, new MembershipScores(members, others));
    assertTrue(found.auc().low() < 0.5, found.toString());
    assertTrue(found.truePositivesAt1Percent().low() > 0.05, found.toString());
    assertEquals(Support.NOT_SUPPORTED, found.support());
  }

  @Test
  void moreAccessMeansMoreAttacksAndOnlyTheBundleLosesTheGuard() {
    List<MembershipFigures> attacks =
        List.of(
            figures("prediction", Access.PREDICTIONS, scores(2, 80, 4), scores(1, 80, 0.1)),
            figures("round trip", Access.IMAGES_IN, scores(4, 80, 1), scores(3, 80, 0)),
            figures("nearest", Access.IMAGES_OUT, scores(6, 80, 1), scores(5, 80, 0)),
            new Attack("trace", "made up", Access.TRACES).ofGuard(scores(7, 80, 2), BOOTSTRAP),
            new Attack("steps", "made up", Access.REPORTS).ofGuard(scores(8, 80, 1.5), BOOTSTRAP),
            new Attack("white", "made up", Access.BUNDLE).ofGuard(scores(9, 80, 3), BOOTSTRAP));
    List<Deployment> found = Deployments.of(attacks);
    assertEquals(
        List.of(
            List.of("nearest"),
            List.of("round trip", "nearest"),
            List.of("round trip", "nearest", "steps"),
            List.of("round trip", "nearest", "trace", "steps"),
            List.of("prediction", "nearest"),
            List.of("prediction", "round trip", "nearest", "trace", "steps", "white")),
        found.stream().map(Deployment::attacks).toList());
    assertEquals("steps", found.get(2).strongest());
    assertEquals("trace", found.get(3).strongest());
    assertEquals("prediction, guard cut out", found.get(5).strongest());
    assertTrue(found.get(4).auc().value() < 0.8, "the guard stays on a server");
    assertEquals(Support.NOT_SUPPORTED, found.get(5).support());
  }

  /** Turned round by luck in even places, the other way in odd ones: worth nothing. */
  @Test
  void theDirectionIsPickedOnOtherImagesThanItIsJudgedOn() {
    double[] members = new double[40];
    double[] others = new double[40];
    for (int i = 0; i < 40; i++) {
      members[i] = i % 2 == 0 ? 1 : -1;
      others[i] = i % 2 == 0 ? -1 : 1;
    }
    MembershipFigures lucky =
        figures(
            "lucky", Access.IMAGES_OUT, scores(9, 40, 0), new MembershipScores(members, others));
    assertEquals(1, lucky.withProtection().direction().choosingAuc(), 0);
    Deployment alone = Deployments.of(List.of(lucky)).get(0);
    assertEquals(0.5, alone.auc().value(), 0);
    assertEquals(Support.UNDECIDED, alone.support());
    MembershipFigures honest =
        figures("honest", Access.IMAGES_OUT, scores(9, 40, 0), scores(2, 40, 2));
    Deployment both = Deployments.of(List.of(lucky, honest)).get(0);
    assertEquals("honest", both.strongest());
    assertEquals(Support.NOT_SUPPORTED, both.support());
  }

  /** Of forty attacks that tell nothing, some interval is above one half by chance. */
  @Test
  void manyAttacksThatTellNothingAreNotTakenForOneThatDoes() {
    List<MembershipFigures> attacks = new ArrayList<>();
    int alone = 0;
    for (int i = 0; i < 40; i++) {
      MembershipFigures noise =
          figures("noise " + i, Access.IMAGES_OUT, scores(i, 60, 0), scores(100 + i, 60, 0));
      attacks.add(noise);
      alone += noise.withProtection().direction().auc().low() > 0.5 ? 1 : 0;
    }
    assertTrue(alone > 0, "one of them alone would seem to tell");
    assertEquals(Support.UNDECIDED, Deployments.of(attacks).get(0).support());
  }

  @Test
  void setsOfAnotherKindAreMentionedAndNoAttack() {
    MembershipFigures model =
        new Attack("nearest", "made up", Access.IMAGES_OUT).ofGuard(scores(1, 200, 1), BOOTSTRAP);
    for (double shift : new double[] {0, 1}) {
      MembershipScores control = scores(3, 200, shift);
      List<Deployment> found =
          Deployments.of(List.of(model, figures("contrast", Access.NOTHING, control, control)));
      assertEquals(1, found.size());
      assertEquals(List.of("nearest"), found.get(0).attacks());
      assertEquals(
          shift > 0, found.get(0).verdict().contains("differ in kind: the contrast tells"));
    }
  }

  @Test
  void nothingMeasuredIsNothingSaid() {
    assertTrue(Deployments.of(List.of()).isEmpty());
    for (Access access : Access.values()) {
      assertEquals(access, Access.labelled(access.label()));
    }
    assertThrows(IllegalArgumentException.class, () -> Access.labelled("keys"));
  }
}
