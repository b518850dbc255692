package io.github.cpsample.evaluation.figures;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.cpsample.evaluation.statistics.ProportionInterval;
import io.github.cpsample.image.ReplicaRule;
import java.util.List;
import org.junit.jupiter.api.Test;

class ReplicaTest {

  private static final float[][] TRAINING = {{0, 0}, {10, 0}, {0, 30}};

  @Test
  void comparesTheNearestWithTheNext() {
    ReplicaFinder finder = new ReplicaFinder(ReplicaRule.SECOND_NEAREST, TRAINING);
    // On the line between 0 and 10: distance x to the nearest, 10 - x to the next, half way at
    // 10/3.
    ReplicaReport report = finder.examine(new float[][] {{3, 0}, {3.5f, 0}, {9, 0}});
    assertEquals(
        List.of(true, false, true),
        report.matches().stream().map(ReplicaRule.Match::replica).toList());
    ReplicaRule.Match last = report.matches().get(2);
    assertEquals(1, last.nearest());
    assertEquals(1, last.distance(), 1e-12);
    assertEquals(9, last.meanOfNext(), 1e-12);
    assertEquals(2.0 / 3, report.rate(), 1e-12);
    assertEquals(List.of(0, 2), report.replicas().stream().map(ReplicaRule.Match::image).toList());
    assertEquals(ProportionInterval.wilson95(2, 3), report.interval());
  }

  @Test
  void meansOverTheNextNeighbours() {
    ReplicaFinder finder = new ReplicaFinder(new ReplicaRule(0.5, 2), TRAINING);
    ReplicaRule.Match match = finder.examine(new float[][] {{4, 0}}).matches().get(0);
    assertEquals((6 + Math.hypot(4, 30)) / 2, match.meanOfNext(), 1e-12);
    assertTrue(match.replica());
  }

  @Test
  void hasNoScale() {
    float[][] images = {{3, 0}, {4, 1}, {1, 8}};
    ReplicaReport plain = new ReplicaFinder(ReplicaRule.SECOND_NEAREST, TRAINING).examine(images);
    ReplicaReport faint =
        new ReplicaFinder(ReplicaRule.SECOND_NEAREST, scaled(TRAINING)).examine(scaled(images));
    assertEquals(
        plain.matches().stream().map(ReplicaRule.Match::replica).toList(),
        faint.matches().stream().map(ReplicaRule.Match::replica).toList());
  }

  @Test
  void aDuplicateInTheTrainingSetHidesNoReplica() {
    float[][] training = {{10, 0}, {0, 0}, {0, 0}};
    ReplicaFinder finder = new ReplicaFinder(ReplicaRule.SECOND_NEAREST, training);
    ReplicaRule.Match match = finder.examine(new float[][] {{0.5f, 0}}).matches().get(0);
    assertTrue(match.replica());
    assertEquals(1, match.nearest());
    float[][] twins = {{0, 0}, {0, 0}};
    assertThrows(
        IllegalArgumentException.class, () -> new ReplicaFinder(ReplicaRule.SECOND_NEAREST, twins));
  }

  @Test
  void saysItsRuleAndRefusesNonsense() {
    assertTrue(ReplicaRule.SECOND_NEAREST.describe().contains("0.5"));
    assertTrue(new ReplicaRule(0.4, 10).describe().contains("10"));
    assertThrows(IllegalArgumentException.class, () -> new ReplicaRule(Double.NaN, 1));
    assertThrows(IllegalArgumentException.class, () -> new ReplicaRule(1.5, 1));
    assertThrows(IllegalArgumentException.class, () -> new ReplicaRule(0.5, 0));
    ReplicaFinder finder = new ReplicaFinder(ReplicaRule.SECOND_NEAREST, TRAINING);
    assertThrows(IllegalArgumentException.class, () -> finder.examine(new float[0][]));
    assertThrows(IllegalArgumentException.class, () -> finder.examine(new float[][] {{1}}));
  }

  @Test
  void wilsonIntervalIsThatOfTheTextbooks() {
    // Newcombe (1998), table I, method 3: 81/263 gives .2553 to .3662, 1/29 gives .0061 to .1718,
    // 0/20 gives 0 to .1611.
    assertInterval(0.2553, 0.3662, ProportionInterval.wilson95(81, 263));
    assertInterval(0.0061, 0.1718, ProportionInterval.wilson95(1, 29));
    assertInterval(0, 0.1611, ProportionInterval.wilson95(0, 20));
    assertEquals(1, ProportionInterval.wilson95(20, 20).high(), 0);
    assertThrows(IllegalArgumentException.class, () -> ProportionInterval.wilson95(0, 0));
    assertThrows(IllegalArgumentException.class, () -> ProportionInterval.wilson95(3, 2));
  }

  private static void assertInterval(double low, double high, ProportionInterval interval) {
    assertEquals(low, interval.low(), 5e-5);
    assertEquals(high, interval.high(), 5e-5);
  }

  private static float[][] scaled(float[][] rows) {
    float[][] scaled = new float[rows.length][];
    for (int i = 0; i < rows.length; i++) {
      scaled[i] = new float[] {rows[i][0] / 1024, rows[i][1] / 1024};
    }
    return scaled;
  }
}
