package io.github.cpsample.protection;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GateTest {
  private static final Gate PAPER = Gate.named("paper");
  private static final Gate CODE = Gate.named("code");

  @Test
  void thePaperGuardsOutsideTheMiddleOfTheProbability() {
    Random random = new Random(1);
    int guarded = 0;
    for (int i = 0; i < 10_000; i++) {
      float[] logits = {(float) (8 * random.nextGaussian())};
      double alpha = 0.5 * (1 - random.nextDouble());
      double p = 1 / (1 + Math.exp(-logits[0]));
      boolean expected = !(alpha <= p && p <= 1 - alpha);
      assertEquals(expected, PAPER.guards(logits, 0, 1, alpha), "z " + logits[0] + " a " + alpha);
      assertEquals(expected, CODE.guards(logits, 0, 1, alpha), "z " + logits[0] + " a " + alpha);
      guarded += expected ? 1 : 0;
    }
    assertTrue(guarded > 1000 && guarded < 9900, "guarded " + guarded);
  }

  @Test
  void theCodeGateTakesTheGeometricMeanOfTheBits() {
    Random random = new Random(2);
    for (int i = 0; i < 2000; i++) {
      int bits = 1 + random.nextInt(32);
      float[] logits = new float[bits + 3];
      double product = 1;
      for (int k = 0; k < bits; k++) {
        logits[k + 2] = (float) (4 * random.nextGaussian());
        double p = 1 / (1 + Math.exp(-logits[k + 2]));
        product *= Math.max(p, 1 - p);
      }
      double certainty = Math.pow(product, 1.0 / bits);
      assertEquals(certainty, Certainty.of(logits, 2, bits), 1e-12);
      double alpha = 0.001 + 0.49 * random.nextDouble();
      if (Math.abs(certainty - (1 - alpha)) > 1e-9) {
        assertEquals(certainty > 1 - alpha, CODE.guards(logits, 2, bits, alpha));
      }
    }
  }

  @ParameterizedTest
  @ValueSource(floats = {0f, -0f, 1e-30f, -3f, 1e4f, -1e4f})
  void alphaOneHalfAlwaysGuards(float logit) {
    assertTrue(PAPER.guards(new float[] {logit}, 0, 1, 0.5));
    assertTrue(CODE.guards(new float[] {logit, 0f, -logit}, 0, 3, 0.5));
  }

  @Test
  void anUncertainClassifierIsNotGuardedBelowOneHalf() {
    assertFalse(CODE.guards(new float[32], 0, 32, 0.4999));
    assertFalse(PAPER.guards(new float[1], 0, 1, Math.nextDown(0.5)));
  }

  @Test
  void certaintyIsFiniteAndOrderedAtExtremeLogits() {
    assertEquals(0.5, Certainty.of(new float[4], 0, 4), 1e-15);
    assertEquals(-Math.exp(-50), Certainty.log(new float[] {50f}, 0, 1), 1e-30);
    assertEquals(0, Certainty.log(new float[] {1e4f, -1e4f}, 0, 2));
    assertTrue(CODE.guards(new float[] {1e4f, -1e4f}, 0, 2, 1e-12));
    assertFalse(CODE.guards(new float[] {50f}, 0, 1, 1e-22));
    assertTrue(CODE.guards(new float[] {50f}, 0, 1, 1e-21));
  }

  @Test
  void faultsAreNamed() {
    assertMessage("1 bit, found 2", () -> PAPER.guards(new float[2], 0, 2, 0.1));
    assertMessage("NaN", () -> CODE.guards(new float[] {0f, Float.NaN}, 0, 2, 0.5));
    assertMessage("alpha", () -> CODE.guards(new float[2], 0, 2, 0.6));
    assertMessage("logits", () -> CODE.guards(new float[2], 1, 2, 0.1));
    assertMessage("at least 1 bit", () -> CODE.guards(new float[2], 0, 0, 0.1));
    assertMessage("found 'soft'", () -> Gate.named("soft"));
    assertEquals("paper", PAPER.label());
    assertEquals("code", CODE.label());
  }

  private static void assertMessage(String part, Runnable faulty) {
    String message = assertThrows(IllegalArgumentException.class, faulty::run).getMessage();
    assertTrue(message.contains(part), message);
  }
}
