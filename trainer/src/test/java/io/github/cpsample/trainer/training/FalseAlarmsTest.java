package io.github.cpsample.trainer.training;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.cpsample.protection.Thresholds;
import io.github.cpsample.protection.Views;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.IntUnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FalseAlarmsTest {

  private static double[] certainties(Random random, int count) {
    return random.doubles(count).map(u -> 0.5 + 0.5 * u * u).toArray();
  }

  /** Ranks against scipy.stats: n - binom.ppf-like search, done by hand with binom.cdf(m, n, q). */
  @ParameterizedTest
  @CsvSource({
    "299, 0.01, 299",
    "298, 0.01, 298",
    "473, 0.01, 472",
    "59, 0.05, 59",
    "1000, 0.5, 527",
    "100000, 0.5, 50261"
  })
  void theRankIsTheSmallestOneOfEnoughConfidence(int images, double share, int rank) {
    assertEquals(rank, new FalseAlarms(share).rank(images));
  }

  @Test
  void saysHowManyImagesItNeeds() {
    assertEquals(299, new FalseAlarms(0.01).fewestImages());
    assertEquals(59, new FalseAlarms(0.05).fewestImages());
  }

  @Test
  void measuredFalseAlarmsAreAtMostTheShare() {
    double[] certainties = certainties(new Random(1), 2_000);
    double alpha = new FalseAlarms(0.01).alpha(certainties);
    long guarded = Arrays.stream(certainties).filter(c -> c > 1 - alpha).count();
    assertTrue(guarded >= 10 && guarded <= 13, "guarded " + guarded);
  }

  /** The true share above a threshold u is 1 - sqrt(2u - 1), since certainties are 1/2 + u^2/2. */
  @Test
  void theTrueShareIsKeptInNineteenOfTwentyMeasurements() {
    Random random = new Random(5);
    int tries = 400;
    int kept = 0;
    for (int i = 0; i < tries; i++) {
      double alpha = new FalseAlarms(0.05).alpha(certainties(random, 300));
      kept += 1 - Math.sqrt(2 * (1 - alpha) - 1) <= 0.05 ? 1 : 0;
    }
    assertTrue(kept >= 0.92 * tries && kept < tries, "kept in " + kept + " of " + tries);
  }

  @Test
  void moreFalseAlarmsAllowedMeanALargerAlpha() {
    double[] certainties = certainties(new Random(2), 3_000);
    double last = 0;
    for (double share : new double[] {0.002, 0.01, 0.05, 0.2}) {
      double alpha = new FalseAlarms(share).alpha(certainties);
      assertTrue(alpha > last, share + ": " + alpha);
      last = alpha;
    }
  }

  @Test
  void alphaStaysInsideItsRange() {
    assertEquals(0.4999, new FalseAlarms(0.01).alpha(new double[] {0.5, 0.5}));
    double smallest = new FalseAlarms(0.01).alpha(new double[] {1, 1});
    assertTrue(smallest > 0 && smallest < 1e-6, "alpha " + smallest);
  }

  @Test
  void refusesWhatIsNoCertainty() {
    FalseAlarms alarms = new FalseAlarms(0.01);
    assertThrows(
        IllegalArgumentException.class, () -> alarms.alpha(new double[] {0.6, Double.NaN}));
    assertThrows(IllegalArgumentException.class, () -> alarms.alpha(new double[] {0.4}));
    assertThrows(IllegalArgumentException.class, () -> alarms.alpha(new double[0]));
    assertThrows(IllegalArgumentException.class, () -> new FalseAlarms(Double.NaN));
    assertThrows(IllegalArgumentException.class, () -> new FalseAlarms(1));
  }

  @Test
  void levelsRunFromZeroToTheLastAndLieDenserBelow() {
    List<Integer> levels = FalseAlarms.levels(600, 1);
    assertEquals(16, levels.size());
    assertEquals(0, levels.get(0));
    assertEquals(600, levels.get(15));
    assertTrue(levels.get(1) < 15 && levels.get(15) - levels.get(14) > 50, levels.toString());
    assertEquals(List.of(0, 1, 2), FalseAlarms.levels(2, 1));
    assertEquals(List.of(0), FalseAlarms.levels(0, 40));
    assertEquals(
        List.of(0, 40, 80, 120, 160, 200, 240, 280, 320, 360, 440, 480, 560, 600),
        FalseAlarms.levels(600, 40));
    assertEquals(List.of(0, 40, 80, 90), FalseAlarms.levels(90, 40));
  }

  @Test
  void everyLevelGetsItsThreshold() {
    Thresholds thresholds =
        new FalseAlarms(0.01)
            .thresholds(
                100,
                1,
                t ->
                    new FalseAlarms.Certainties(
                        new double[] {0.5, 0.9 - t / 1000.0}, new double[] {0.95}),
                Views.NINE,
                new double[] {0.5, 0.6, 0.7});
    assertEquals(0.3, thresholds.finished(), 1e-12);
    assertEquals(Views.NINE, thresholds.views());
    assertEquals(0.01, thresholds.falseAlarms());
    assertEquals(0.1, thresholds.alphaAt(0), 1e-12);
    assertEquals(0.2, thresholds.alphaAt(100), 1e-12);
  }

  /** Members are recognised up to timestep 50, where their certainty falls below the strangers'. */
  @Test
  void thresholdsEndWhereTrainingImagesAreNoLongerRecognised() {
    FalseAlarms alarms = new FalseAlarms(0.01);
    Thresholds thresholds = thresholdsOf(alarms, t -> t <= 50 ? 2 : 1);
    List<Integer> levels = FalseAlarms.levels(100, 1);
    int last = levels.stream().filter(level -> level <= 50).reduce((a, b) -> b).orElseThrow();
    assertEquals(last, thresholds.lastTimestep());
    assertEquals(levels.indexOf(last) + 1, thresholds.levels().size());
    assertEquals(
        levels.size(), thresholdsOf(alarms, t -> t == 100 ? 2 : 0).levels().size(), "the last one");
    assertEquals(0, thresholdsOf(alarms, t -> 1).lastTimestep(), "recognised nowhere");
    assertEquals(
        0, thresholdsOf(new FalseAlarms(0.02), t -> 2).lastTimestep(), "a tenth is too few");
    assertEquals(0.5, new FalseAlarms(0.2).recognisedAtLeast());
  }

  /** Thresholds of a classifier that recognises so many of twenty training images. */
  private static Thresholds thresholdsOf(FalseAlarms alarms, IntUnaryOperator recognised) {
    return alarms.thresholds(
        100,
        1,
        t -> {
          double[] members = new double[20];
          Arrays.fill(members, 0.55);
          Arrays.fill(members, 0, recognised.applyAsInt(t), 0.7);
          return new FalseAlarms.Certainties(new double[] {0.5, 0.6}, members);
        },
        Views.ONE,
        new double[] {0.5});
  }
}
