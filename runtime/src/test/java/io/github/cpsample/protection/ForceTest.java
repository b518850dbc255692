package io.github.cpsample.protection;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ForceTest {
  private static final double STEP = 1e-4;

  @ParameterizedTest
  @ValueSource(strings = {"opposite-label", "own-label"})
  void theCotangentIsTheDerivativeOfTheLogProbability(String name) {
    Random random = new Random(4);
    int bits = 6;
    float[] logits = new float[bits + 2];
    for (int i = 0; i < logits.length; i++) {
      logits[i] = (float) (0.1 + 3 * Math.abs(random.nextGaussian())) * (i % 2 == 0 ? 1 : -1);
    }
    float[] cotangent = new float[bits + 2];
    Force.named(name).cotangent(logits, cotangent, 1, bits);
    for (int k = 0; k < bits; k++) {
      double[] row = new double[bits];
      for (int j = 0; j < bits; j++) {
        row[j] = logits[1 + j];
      }
      row[k] += STEP;
      double above = objective(name, row);
      row[k] -= 2 * STEP;
      double below = objective(name, row);
      assertEquals((above - below) / (2 * STEP), cotangent[1 + k], 1e-7);
    }
    assertEquals(0f, cotangent[0]);
    assertEquals(0f, cotangent[bits + 1]);
  }

  /** Plain definitions: mean of log p(1-y*), or of -log p(y*), y* = [p >= 1/2]. */
  private static double objective(String name, double[] logits) {
    double sum = 0;
    for (double z : logits) {
      double p = 1 / (1 + Math.exp(-z));
      double own = Math.max(p, 1 - p);
      sum += name.equals("own-label") ? -Math.log(own) : Math.log(1 - own);
    }
    return sum / logits.length;
  }

  @ParameterizedTest
  @ValueSource(floats = {1e4f, -1e4f, 90f, -90f, 0f})
  void extremeLogitsGiveTheLimits(float logit) {
    float[] cotangent = new float[1];
    float sign = logit < 0 ? 1 : -1;
    float zero = logit == 0 ? 0.5f : 0f;
    Force.named("opposite-label").cotangent(new float[] {logit}, cotangent, 0, 1);
    assertEquals(sign * (1 - zero), cotangent[0]);
    Force.named("own-label").cotangent(new float[] {logit}, cotangent, 0, 1);
    assertEquals(sign * zero, cotangent[0], 1e-38);
  }

  /** d/dz log p(1-y*): of log(1-p) where y* = 1, of log p where y* = 0. */
  @ParameterizedTest
  @ValueSource(floats = {-30f, -4.5f, -0.1f, 0f, 0.1f, 2f, 30f})
  void oneBitIsThePapersFormula(float logit) {
    double p = 1 / (1 + Math.exp(-(double) logit));
    float[] cotangent = new float[1];
    Force.named("opposite-label").cotangent(new float[] {logit}, cotangent, 0, 1);
    float expected = (float) (p >= 0.5 ? -p : 1 - p);
    assertEquals(expected, cotangent[0], Math.ulp(expected));
  }

  /** -grad log p(y*) = (1 - p(y*)) / p(y*) grad log p(1 - y*). */
  @Test
  void theOwnLabelPullsWeakerByTheOdds() {
    float[] logits = {4f};
    float[] opposite = new float[1];
    float[] own = new float[1];
    Force.named("opposite-label").cotangent(logits, opposite, 0, 1);
    Force.named("own-label").cotangent(logits, own, 0, 1);
    assertEquals(Math.exp(-4), own[0] / (double) opposite[0], 1e-8);
  }

  @Test
  void settingsScaleTheCotangent() {
    ProtectionSettings settings = ProtectionSettings.of("code", "opposite-label", 0.05, 40, 0, 999);
    float[] logits = {0f, 5f, -5f};
    float[] cotangent = new float[3];
    settings.cotangent(logits, cotangent, 1, 2);
    double expected = 40 / (1 + Math.exp(-5)) / 2;
    assertEquals(-expected, cotangent[1], 1e-5);
    assertEquals(expected, cotangent[2], 1e-5);
    assertEquals(3, settings.withScale(3).scale());
  }

  @Test
  void theGuardedRangeIsInclusive() {
    ProtectionSettings settings = ProtectionSettings.of("paper", "own-label", 0.5, 0, 10, 400);
    assertTrue(settings.coversTimestep(10) && settings.coversTimestep(400));
    assertTrue(settings.coversTimestep(10.5));
    assertTrue(!settings.coversTimestep(9.99) && !settings.coversTimestep(400.01));
    assertEquals(settings, ProtectionSettings.of("paper", "own-label", 0.5, 0, 10, 400));
  }

  /** By hand: the last of every 50 timesteps, and the last step of all. */
  @Test
  void asksInTheLastStepOfASpan() {
    ProtectionSettings every =
        ProtectionSettings.of("code", "own-label", 0.5, 0, 0, 160).withAskEvery(50);
    assertFalse(every.asksIn(140, 120), "120 is in the same span");
    assertTrue(every.asksIn(120, 97.5));
    assertFalse(every.asksIn(97.5, 50));
    assertTrue(every.asksIn(50, 49.5));
    assertFalse(every.asksIn(20, 0));
    assertTrue(every.asksIn(0, -1) && every.asksIn(20, -1), "the last step is always asked about");
    assertFalse(every.asksIn(180, 140), "not guarded");
    assertTrue(every.withTimesteps(10, 160).asksIn(20, 0), "the last guarded step");
    ProtectionSettings always = every.withAskEvery(1);
    assertTrue(always.asksIn(10, 10) && always.asksIn(10.5, 10.25), "every step");
    assertFalse(always.asksIn(161, 10));
    IllegalArgumentException refused =
        assertThrows(IllegalArgumentException.class, () -> every.withAskEvery(0));
    assertTrue(refused.getMessage().startsWith("askEvery: expected at least 1, found 0"));
  }

  @Test
  void impossibleSettingsAreRefused() {
    for (double alpha : new double[] {0, -0.1, 0.51, Double.NaN}) {
      assertRefused("alpha", alpha, 1, 0, 9);
    }
    for (double scale : new double[] {-1, Double.NaN, Double.POSITIVE_INFINITY}) {
      assertRefused("scale", 0.1, scale, 0, 9);
    }
    assertRefused("guardedTimesteps", 0.1, 1, -1, 9);
    assertRefused("guardedTimesteps", 0.1, 1, 5, 4);
    assertThrows(IllegalArgumentException.class, () -> Force.named("none"));
  }

  private static void assertRefused(String named, double alpha, double scale, int first, int last) {
    String message =
        assertThrows(
                IllegalArgumentException.class,
                () -> ProtectionSettings.of("code", "own-label", alpha, scale, first, last))
            .getMessage();
    assertTrue(message.contains(named), message);
  }
}
