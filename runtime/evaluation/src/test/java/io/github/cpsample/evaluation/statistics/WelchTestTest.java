package io.github.cpsample.evaluation.statistics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import io.github.cpsample.evaluation.GoldenAudit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WelchTestTest {

  private static final double ROUNDING = 1e-11;

  @Test
  void isTheGoldenOne() {
    JsonObject golden = GoldenAudit.section("roc");
    WelchTest test = WelchTest.of(GoldenAudit.memberScores(), GoldenAudit.otherScores());
    assertEquals(golden.get("welch_t(member-nonmember)").getAsDouble(), test.t(), ROUNDING);
    assertEquals(golden.get("welch_df").getAsDouble(), test.degreesOfFreedom(), 1e-9);
  }

  @Test
  void exchangedSamplesHaveTheOtherTail() {
    WelchTest test = WelchTest.of(GoldenAudit.memberScores(), GoldenAudit.otherScores());
    WelchTest exchanged = WelchTest.of(GoldenAudit.otherScores(), GoldenAudit.memberScores());
    assertEquals(-test.t(), exchanged.t(), ROUNDING);
    assertEquals(1, test.upperStudentP() + exchanged.upperStudentP(), ROUNDING);
    assertTrue(exchanged.upperStudentP() < 1e-4, "others score higher");
  }

  /**
   * With two values each of the same variance there are 2 degrees of freedom, and the upper tail is
   * {@code 1/2 - t / (2 sqrt(2 + t^2))}.
   */
  @Test
  void hasTheTailOfTwoDegreesOfFreedom() {
    WelchTest test = WelchTest.of(new double[] {4, 6}, new double[] {1, 3});
    // Means 5 and 2, variances 2 and 2: t = 3 / sqrt(2).
    double t = 3 / Math.sqrt(2);
    assertEquals(t, test.t(), ROUNDING);
    assertEquals(2, test.degreesOfFreedom(), ROUNDING);
    assertEquals(0.5 - t / (2 * Math.sqrt(2 + t * t)), test.upperStudentP(), ROUNDING);
  }

  /** The pairs that Kazdan et al. report, to two digits. */
  @ParameterizedTest
  @CsvSource({"0.59, 0.28", "0.23, 0.41", "-0.86, 0.81", "0, 0.5", "138, 0"})
  void normalTailIsThatOfThePaper(double t, double p) {
    assertEquals(p, new WelchTest(t, 10, 0.5).upperNormalP(), 0.005);
  }

  @Test
  void smallTailsDoNotVanish() {
    // 1 - Phi(10) = 7.6e-24 is lost when it is subtracted from 1.
    assertEquals(7.619853024160527e-24, new WelchTest(10, 9, 0.5).upperNormalP(), 1e-33);
  }

  @Test
  void oneConstantSampleIsEnough() {
    assertTrue(WelchTest.of(new double[] {1, 1}, new double[] {0, 0.5}).t() > 0);
  }

  @Test
  void refusesWhatHasNoVariance() {
    double[] two = {1, 2};
    assertThrows(IllegalArgumentException.class, () -> WelchTest.of(two, new double[] {1}));
    assertThrows(
        IllegalArgumentException.class, () -> WelchTest.of(two, new double[] {1, Double.NaN}));
    assertThrows(
        IllegalArgumentException.class,
        () -> WelchTest.of(new double[] {1, 1}, new double[] {2, 2}));
  }
}
