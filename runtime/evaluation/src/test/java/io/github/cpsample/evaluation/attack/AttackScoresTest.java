package io.github.cpsample.evaluation.attack;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonArray;
import io.github.cpsample.diffusion.NoiseSchedule;
import io.github.cpsample.evaluation.GoldenAudit;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every attack against the golden numbers and against denoisers with a closed form. */
class AttackScoresTest {

  /** Images and noise are rounded to float, and scores are sums of many squares of differences. */
  private static final double RELATIVE = 2e-6;

  /** The same where only twelve pixels average the rounding of differences of near numbers. */
  private static final double FEW_PIXELS = 5e-5;

  private static final int SIZE = 12;
  private static final int ROWS = 5;
  private static final double MEAN = 0.2;
  private static final double VARIANCE = 0.3;

  private final SignalLevels levels = KnownDenoisers.levels();
  private final float[] images = images();

  static MembershipAttack[] attacks() {
    SignalLevels levels = KnownDenoisers.levels();
    return new MembershipAttack[] {
      new ReconstructionLoss(levels, 200, 3, 1),
      new SecMiStat(levels, SecMiStat.USUAL_TIMESTEP, SecMiStat.USUAL_STEP),
      ProximalInitialisation.pia(levels, 200, 4),
      ProximalInitialisation.pian(levels, 200, 4),
      new NoiseNorm(levels, 100, 4),
    };
  }

  @Test
  void secMiIsTheGoldenOne() {
    assertGolden(
        "secmi_stat_tsec100_k10",
        new SecMiStat(levels, 100, 10).scores(AttackScoresTest::toy, dummies(), 4));
  }

  @Test
  void piaIsTheGoldenOne() {
    assertGolden(
        "pia_t200_p4",
        ProximalInitialisation.pia(levels, 200, 4).scores(AttackScoresTest::toy, dummies(), 4));
  }

  @Test
  void theLossOfManyDrawsIsItsExpectation() {
    // With eps = c (x_t - sqrt(abar) m): E|e - eps|^2 = sum (1 - c sqrt(1-abar))^2 + c^2 abar
    // (x-m)^2.
    int t = 300;
    double abar = levels.at(t);
    double c = KnownDenoisers.slope(abar, VARIANCE);
    double[] scores = new ReconstructionLoss(levels, t, 40_000, 9).scores(gaussian(), images, ROWS);
    for (int row = 0; row < ROWS; row++) {
      double expected = 0;
      for (int i = row * SIZE; i < (row + 1) * SIZE; i++) {
        expected +=
            Math.pow(1 - c * Math.sqrt(1 - abar), 2) + c * c * abar * Math.pow(images[i] - MEAN, 2);
      }
      // The mean of 40,000 draws of about 12 terms: within 2 % by far.
      assertEquals(expected, scores[row], 0.02 * expected);
    }
  }

  @Test
  void theLossDrawsTheSameNoiseForAllImages() {
    float[] twins = new float[2 * SIZE];
    System.arraycopy(images, 0, twins, 0, SIZE);
    System.arraycopy(images, 0, twins, SIZE, SIZE);
    double[] scores = new ReconstructionLoss(levels, 300, 3, 9).scores(gaussian(), twins, 2);
    assertEquals(scores[0], scores[1], 0);
    double other = new ReconstructionLoss(levels, 300, 3, 10).scores(gaussian(), twins, 2)[0];
    assertTrue(Math.abs(other - scores[0]) > 1e-6, "another seed, other noise");
  }

  @Test
  void theModelIsAskedAtTheLevelOfTheNoise() {
    // A model that returns its input: with t = 999 it is nearly all noise, and the loss nearly 0.
    NoisePredictor identity = (x, rows, t) -> x.clone();
    double[] late = new ReconstructionLoss(levels, 999, 2, 1).scores(identity, images, ROWS);
    double[] early = new ReconstructionLoss(levels, 0, 2, 1).scores(identity, images, ROWS);
    assertTrue(late[0] < 0.01 && early[0] > 1, late[0] + " and " + early[0]);
  }

  @Test
  void secMiOfNormalPixels() {
    // Every move multiplies x - sqrt(abar) m: a product along the way, then there and back.
    double product = 1;
    for (int t = 0; t < 50; t += 10) {
      product *= factor(t, t + 10);
    }
    double there = factor(50, 60) * factor(60, 50) - 1;
    double[] scores = new SecMiStat(levels, 60, 10).scores(centred(), images, ROWS);
    for (int row = 0; row < ROWS; row++) {
      double expected = 0;
      for (int i = row * SIZE; i < (row + 1) * SIZE; i++) {
        expected += Math.pow(images[i] * product * there, 2);
      }
      assertEquals(expected, scores[row], FEW_PIXELS * expected);
    }
  }

  @Test
  void piaAndPianOfNormalPixels() {
    int t = 150;
    double abar = levels.at(t);
    double c0 = KnownDenoisers.slope(levels.at(0), VARIANCE);
    double c = KnownDenoisers.slope(abar, VARIANCE);
    double[] pia = ProximalInitialisation.pia(levels, t, 2).scores(centred(), images, ROWS);
    double[] pian = ProximalInitialisation.pian(levels, t, 4).scores(centred(), images, ROWS);
    for (int row = 0; row < ROWS; row++) {
      double magnitude = 0;
      for (int i = row * SIZE; i < (row + 1) * SIZE; i++) {
        magnitude += Math.abs(c0 * images[i]) / SIZE;
      }
      double plain = 0;
      double normalised = 0;
      for (int i = row * SIZE; i < (row + 1) * SIZE; i++) {
        double z = c0 * images[i];
        plain += Math.pow(z - c * noised(images[i], z, abar), 2);
        double scaled = z / magnitude * Math.sqrt(2 / Math.PI);
        normalised += Math.pow(scaled - c * noised(images[i], scaled, abar), 4);
      }
      assertEquals(plain, pia[row], FEW_PIXELS * plain);
      assertEquals(normalised, pian[row], FEW_PIXELS * normalised);
    }
  }

  @Test
  void pianOfANoiseOfZerosIsPia() {
    NoisePredictor silent = (x, rows, t) -> new float[x.length];
    assertArrayEquals(
        new double[ROWS], ProximalInitialisation.pian(levels, 150, 4).scores(silent, images, ROWS));
  }

  @Test
  void theNormOfNormalPixels() {
    double abar = levels.at(100);
    double c = KnownDenoisers.slope(abar, VARIANCE);
    for (int power : new int[] {1, 2, 4}) {
      double[] scores = new NoiseNorm(levels, 100, power).scores(gaussian(), images, ROWS);
      for (int row = 0; row < ROWS; row++) {
        double sum = 0;
        for (int i = row * SIZE; i < (row + 1) * SIZE; i++) {
          sum += Math.pow(Math.abs(c * (images[i] - Math.sqrt(abar) * MEAN)), power);
        }
        double expected = Math.pow(sum, 1.0 / power);
        assertEquals(expected, scores[row], 1e-5 * expected);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("attacks")
  void aModelThatKnowsNothingButItsTrainingImagesGivesThemAway(MembershipAttack attack) {
    int size = 64;
    Random random = new Random(11);
    float[][] training = new float[20][size];
    float[] members = new float[20 * size];
    float[] others = new float[20 * size];
    for (int row = 0; row < 20; row++) {
      for (int d = 0; d < size; d++) {
        training[row][d] = 2 * random.nextFloat() - 1;
        members[row * size + d] = training[row][d];
        others[row * size + d] = 2 * random.nextFloat() - 1;
      }
    }
    NoisePredictor model = KnownDenoisers.memorised(training);
    MembershipScores scores =
        new MembershipScores(attack.scores(model, members, 20), attack.scores(model, others, 20));
    assertEquals(1, scores.curve().auc(), 0, attack.name());
  }

  /**
   * Members and others are drawn alike, and the model knows no more than what they are drawn from.
   */
  @ParameterizedTest
  @MethodSource("attacks")
  void aModelThatKnowsNoImageGivesNoneAway(MembershipAttack attack) {
    int count = 600;
    Random random = new Random(21);
    float[] drawn = new float[2 * count * SIZE];
    for (int i = 0; i < drawn.length; i++) {
      drawn[i] = (float) (MEAN + Math.sqrt(VARIANCE) * random.nextGaussian());
    }
    double[] scores = attack.scores(gaussian(), drawn, 2 * count);
    double auc =
        new MembershipScores(
                Arrays.copyOf(scores, count), Arrays.copyOfRange(scores, count, 2 * count))
            .curve()
            .auc();
    // Mann and Whitney: the variance between equal distributions is (2 n + 1) / (12 n^2).
    double deviation = Math.sqrt((2.0 * count + 1) / 12) / count;
    assertEquals(0.5, auc, 4 * deviation, attack.name());
  }

  @ParameterizedTest
  @MethodSource("attacks")
  void asksAsOftenAsItSaysAndChangesNothing(MembershipAttack attack) {
    int[] asked = {0};
    float[] before = images.clone();
    NoisePredictor counted =
        (x, rows, t) -> {
          asked[0]++;
          return gaussian().epsilon(x, rows, t);
        };
    attack.scores(counted, images, ROWS);
    assertEquals(attack.queries(), asked[0]);
    assertArrayEquals(before, images);
  }

  @ParameterizedTest
  @MethodSource("attacks")
  void anImagesScoreDoesNotDependOnItsBatch(MembershipAttack attack) {
    double[] together = attack.scores(gaussian(), images, ROWS);
    for (int row = 0; row < ROWS; row++) {
      float[] alone = new float[SIZE];
      System.arraycopy(images, row * SIZE, alone, 0, SIZE);
      assertEquals(together[row], attack.scores(gaussian(), alone, 1)[0], 0);
    }
  }

  @ParameterizedTest
  @MethodSource("attacks")
  void refusesWhatDoesNotFit(MembershipAttack attack) {
    NoisePredictor broken =
        (x, rows, t) -> {
          float[] epsilon = new float[x.length];
          epsilon[SIZE + 1] = Float.NaN;
          return epsilon;
        };
    NoisePredictor narrow = (x, rows, t) -> new float[1];
    String message =
        assertThrows(IllegalArgumentException.class, () -> attack.scores(broken, images, ROWS))
            .getMessage();
    assertTrue(message.contains("NaN") && message.contains("image 1"), message);
    assertThrows(IllegalArgumentException.class, () -> attack.scores(narrow, images, ROWS));
    assertThrows(IllegalArgumentException.class, () -> attack.scores(gaussian(), images, 7));
    assertThrows(IllegalArgumentException.class, () -> attack.scores(gaussian(), new float[0], 1));
  }

  @Test
  void refusesSettingsOutOfRange() {
    assertThrows(IllegalArgumentException.class, () -> new ReconstructionLoss(levels, 1000, 1, 1));
    assertThrows(IllegalArgumentException.class, () -> new ReconstructionLoss(levels, 1, 0, 1));
    assertThrows(IllegalArgumentException.class, () -> new SecMiStat(levels, 95, 10));
    assertThrows(IllegalArgumentException.class, () -> new SecMiStat(levels, 0, 10));
    assertThrows(IllegalArgumentException.class, () -> new SecMiStat(levels, 100, 0));
    assertThrows(IllegalArgumentException.class, () -> ProximalInitialisation.pia(levels, -1, 4));
    assertThrows(IllegalArgumentException.class, () -> ProximalInitialisation.pian(levels, 1, 0));
    assertThrows(IllegalArgumentException.class, () -> new NoiseNorm(levels, 1000, 2));
    assertThrows(IllegalArgumentException.class, () -> new NoiseNorm(levels, 1, 0));
    assertThrows(IllegalArgumentException.class, () -> SignalLevels.ofBetas(new double[] {0.5, 1}));
  }

  @Test
  void levelsAreThoseOfTheSchedule() {
    NoiseSchedule schedule = KnownDenoisers.schedule();
    SignalLevels ofModel = SignalLevels.of(schedule);
    for (int t = 0; t < KnownDenoisers.TIMESTEPS; t++) {
      assertEquals(schedule.alphasCumprod(t), ofModel.at(t), 0);
      assertEquals(levels.at(t), ofModel.at(t), 1e-5 * levels.at(t) + 1e-7);
    }
    assertThrows(IllegalArgumentException.class, () -> ofModel.at(1000));
  }

  private static void assertGolden(String name, double[] scores) {
    JsonArray golden = GoldenAudit.section("attacks_toy").getAsJsonArray(name);
    assertEquals(golden.size(), scores.length);
    for (int i = 0; i < scores.length; i++) {
      double expected = golden.get(i).getAsDouble();
      assertEquals(expected, scores[i], RELATIVE * expected, name + " of image " + i);
    }
  }

  /** {@code 0.5 x + 0.001 t}. */
  private static float[] toy(float[] x, int rows, double timestep) {
    float[] epsilon = new float[x.length];
    for (int i = 0; i < x.length; i++) {
      epsilon[i] = (float) (0.5 * x[i] + 0.001 * timestep);
    }
    return epsilon;
  }

  /** {@code 2 (((c*8+h)*8+w)*4+b)/768 - 1}, four images of 3 x 8 x 8. */
  private static float[] dummies() {
    float[] values = new float[768];
    for (int b = 0; b < 4; b++) {
      for (int i = 0; i < 192; i++) {
        values[b * 192 + i] = (float) (2 * (i * 4 + b) / 768.0 - 1);
      }
    }
    return values;
  }

  private static float[] images() {
    Random random = new Random(3);
    float[] values = new float[ROWS * SIZE];
    for (int i = 0; i < values.length; i++) {
      values[i] = 2 * random.nextFloat() - 1;
    }
    return values;
  }

  private static NoisePredictor gaussian() {
    return KnownDenoisers.gaussian(MEAN, VARIANCE);
  }

  private static NoisePredictor centred() {
    return KnownDenoisers.gaussian(0, VARIANCE);
  }

  /** What a DDIM move does to a pixel of {@link #centred}. */
  private double factor(int from, int to) {
    double c = KnownDenoisers.slope(levels.at(from), VARIANCE);
    double signal = Math.sqrt(levels.at(to) / levels.at(from));
    double clean = signal * (1 - Math.sqrt(1 - levels.at(from)) * c);
    return clean + Math.sqrt(1 - levels.at(to)) * c;
  }

  private static double noised(double x, double z, double abar) {
    return Math.sqrt(abar) * x + Math.sqrt(1 - abar) * z;
  }
}
