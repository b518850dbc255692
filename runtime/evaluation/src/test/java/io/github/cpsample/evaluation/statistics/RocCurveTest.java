package io.github.cpsample.evaluation.statistics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.google.gson.JsonObject;
import io.github.cpsample.evaluation.GoldenMetrics;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class RocCurveTest {

  private static final double ROUNDING = 1e-12;

  @Test
  void isTheGoldenCurve() {
    JsonObject golden = GoldenMetrics.section("roc");
    RocCurve curve =
        RocCurve.lowerIsMember(GoldenMetrics.memberScores(), GoldenMetrics.otherScores());
    assertEquals(golden.get("auc").getAsDouble(), curve.auc(), ROUNDING);
    assertEquals(
        golden.get("tpr_at_fpr_1pct").getAsDouble(), curve.truePositiveRateAt(0.01), ROUNDING);
  }

  @Test
  void directionTurnsTheScores() {
    double[] members = GoldenMetrics.memberScores();
    double[] others = GoldenMetrics.otherScores();
    RocCurve lower = RocCurve.lowerIsMember(members, others);
    RocCurve higher = RocCurve.higherIsMember(negated(members), negated(others));
    assertEquals(lower.auc(), higher.auc(), 0);
    assertEquals(lower.auc(), 1 - RocCurve.higherIsMember(members, others).auc(), ROUNDING);
    assertEquals(lower.truePositiveRateAt(0.1), higher.truePositiveRateAt(0.1), 0);
  }

  @Test
  void agreesWithCountingPairsAndThresholdsWhereScoresTie() {
    Random random = new Random(3);
    for (int round = 0; round < 50; round++) {
      double[] members = random.ints(1 + random.nextInt(30), 0, 8).asDoubleStream().toArray();
      double[] others = random.ints(1 + random.nextInt(30), -2, 6).asDoubleStream().toArray();
      RocCurve curve = RocCurve.higherIsMember(members, others);
      assertEquals(aucByPairs(members, others), curve.auc(), ROUNDING);
      for (double rate : new double[] {0, 0.01, 0.1, 0.5, 1}) {
        assertEquals(tprByThresholds(members, others, rate), curve.truePositiveRateAt(rate), 0);
      }
    }
  }

  @Test
  void neverExceedsTheFalsePositiveRate() {
    // Admitting the tie at 5 lets in 1 of 4 others: too much for 24 %, right for 25 %.
    RocCurve curve = RocCurve.higherIsMember(new double[] {5, 5, 7, 1}, new double[] {5, 0, 0, 0});
    assertEquals(0.25, curve.truePositiveRateAt(0.24), 0);
    assertEquals(1.0, curve.truePositiveRateAt(0.25), 0);
  }

  @Test
  void bestAccuracyIsThatOfTheBestThreshold() {
    Random random = new Random(4);
    for (int round = 0; round < 50; round++) {
      double[] members = random.ints(1 + random.nextInt(30), 0, 8).asDoubleStream().toArray();
      double[] others = random.ints(1 + random.nextInt(30), -2, 6).asDoubleStream().toArray();
      RocCurve curve = RocCurve.higherIsMember(members, others);
      double best = 0;
      double balanced = 0;
      for (double threshold = -3; threshold <= 9; threshold += 0.5) {
        double admitted = share(members, threshold);
        double refused = 1 - share(others, threshold);
        double right = admitted * members.length + refused * others.length;
        best = Math.max(best, right / (members.length + others.length));
        balanced = Math.max(balanced, (admitted + refused) / 2);
      }
      assertEquals(best, curve.bestAccuracy(), ROUNDING);
      assertEquals(balanced, curve.bestBalancedAccuracy(), ROUNDING);
    }
  }

  @Test
  void pointsByHand() {
    // From the most member-like: 3 members, then a tie of a member and an other, then an other.
    RocCurve curve = RocCurve.lowerIsMember(new double[] {1, 2, 2, 5}, new double[] {5, 7});
    assertEquals(
        List.of(
            new RocPoint(0, 0),
            new RocPoint(0, 0.25),
            new RocPoint(0, 0.75),
            new RocPoint(0.5, 1),
            new RocPoint(1, 1)),
        curve.points());
    assertEquals(5 / 6.0, curve.bestAccuracy(), ROUNDING);
    assertEquals(0.875, curve.bestBalancedAccuracy(), ROUNDING);
  }

  @Test
  void areaUnderThePointsIsTheAuc() {
    RocCurve curve =
        RocCurve.lowerIsMember(GoldenMetrics.memberScores(), GoldenMetrics.otherScores());
    double area = 0;
    RocPoint last = new RocPoint(0, 0);
    for (RocPoint point : curve.points()) {
      area +=
          (point.falsePositiveRate() - last.falsePositiveRate())
              * (point.truePositiveRate() + last.truePositiveRate())
              / 2;
      last = point;
    }
    assertEquals(curve.auc(), area, ROUNDING);
  }

  @Test
  void zeroAndMinusZeroTie() {
    assertEquals(0.5, RocCurve.higherIsMember(new double[] {0.0}, new double[] {-0.0}).auc(), 0);
    assertEquals(0.5, RocCurve.lowerIsMember(new double[] {0.0}, new double[] {-0.0}).auc(), 0);
  }

  @Test
  void refusesEmptySetsNanAndBadRates() {
    double[] one = {1};
    assertThrows(IllegalArgumentException.class, () -> RocCurve.higherIsMember(new double[0], one));
    assertThrows(
        IllegalArgumentException.class,
        () -> RocCurve.higherIsMember(one, new double[] {Double.NaN}));
    RocCurve curve = RocCurve.higherIsMember(one, one);
    assertThrows(IllegalArgumentException.class, () -> curve.truePositiveRateAt(Double.NaN));
    assertThrows(IllegalArgumentException.class, () -> curve.truePositiveRateAt(1.1));
  }

  private static double aucByPairs(double[] members, double[] others) {
    double sum = 0;
    for (double member : members) {
      for (double other : others) {
        sum += member > other ? 1 : member == other ? 0.5 : 0;
      }
    }
    return sum / (members.length * others.length);
  }

  private static double tprByThresholds(double[] members, double[] others, double rate) {
    double best = 0;
    for (double threshold = -3; threshold <= 9; threshold += 0.5) {
      if (share(others, threshold) <= rate) {
        best = Math.max(best, share(members, threshold));
      }
    }
    return best;
  }

  private static double share(double[] scores, double threshold) {
    return (double) Arrays.stream(scores).filter(x -> x >= threshold).count() / scores.length;
  }

  private static double[] negated(double[] scores) {
    return Arrays.stream(scores).map(x -> -x).toArray();
  }
}
