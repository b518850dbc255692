package io.github.cpsample.evaluation.comparators;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.cpsample.evaluation.comparators.AmgSettings.Compared;
import org.junit.jupiter.api.Test;

class AmgChainTest {

  private static final double EXACT = 1e-12;

  @Test
  void lambdaGoesFromBToA() {
    AmgSettings settings = AmgSettings.published();
    assertEquals(1.5, settings.lambda(0), EXACT);
    assertEquals(1.95 - 0.45 * Math.exp(-2.5), settings.lambda(100), EXACT);
    assertEquals(1.949, settings.lambda(249), 1e-3);
  }

  @Test
  void carryingOverKeepsTheGainAndTheShareOfTheTrajectory() {
    AmgSettings published = AmgSettings.published();
    assertEquals(published, AmgSettings.carriedTo(250, 3 * 32 * 32));
    AmgSettings few = AmgSettings.carriedTo(50, 784);
    assertEquals(80_000 * 0.2 * 784 / 3072, few.strength(), 1e-9);
    assertEquals(published.lambda(100), few.lambda(20), EXACT);
    assertEquals(2, few.rest());
    assertEquals(3, few.patience());
    assertEquals(1, AmgSettings.carriedTo(10, 784).rest(), "never none");
  }

  @Test
  void theDenoisedVariantPushesNearDuplicatesOnly() {
    AmgSettings settings = AmgSettings.denoised(50, 784);
    AmgSampling.AmgChain chain = new AmgSampling.AmgChain(settings);
    assertEquals(AmgSettings.carriedTo(50, 784).strength(), settings.strength());
    assertEquals(0, chain.shortfall(1, 40));
    assertEquals(0.1, chain.shortfall(0.9, 39), EXACT);
    assertEquals(0, chain.shortfall(1.01, 38), "after the trigger as well");
    assertEquals(0.6, chain.shortfall(0.4, 0), EXACT);
  }

  @Test
  void nothingIsPushedBeforeTheTriggerAndEverythingBelowLambdaAfterIt() {
    AmgSampling.AmgChain chain = new AmgSampling.AmgChain(AmgSettings.published());
    assertEquals(0, chain.shortfall(1.6, 200), "below lambda, and above the trigger");
    assertEquals(AmgSettings.published().lambda(199) - 1.4, chain.shortfall(1.4, 199), EXACT);
    assertEquals(AmgSettings.published().lambda(198) - 1.6, chain.shortfall(1.6, 198), EXACT);
    assertEquals(0, chain.shortfall(1.951, 197));
  }

  @Test
  void theTriggerIsBelowNotAt() {
    AmgSampling.AmgChain chain = new AmgSampling.AmgChain(AmgSettings.published());
    assertEquals(0, chain.shortfall(1.5, 200));
    assertEquals(0, chain.shortfall(1.6, 199));
  }

  @Test
  void restsForTenStepsAfterThreeChecksThatPushNothing() {
    AmgSampling.AmgChain chain = new AmgSampling.AmgChain(AmgSettings.published());
    for (int round = 0; round < 2; round++) {
      for (int check = 0; check < 3; check++) {
        assertTrue(chain.checks());
        assertEquals(0, chain.shortfall(1.9, 200));
      }
      for (int step = 0; step < 10; step++) {
        assertFalse(chain.checks(), "step " + step + " of the rest");
      }
    }
    assertTrue(chain.checks());
  }

  @Test
  void aPushInBetweenCountsAnew() {
    AmgSampling.AmgChain chain = new AmgSampling.AmgChain(AmgSettings.published());
    double[] similarities = {1.9, 1.9, 1.2, 2, 2, 1.2, 2, 2};
    for (double similarity : similarities) {
      assertTrue(chain.checks());
      assertEquals(similarity < 1.5, chain.shortfall(similarity, 200) > 0);
    }
    assertTrue(chain.checks());
    chain.shortfall(2, 200);
    assertFalse(chain.checks(), "after the trigger as well");
  }

  @Test
  void refusesWhatMakesNoSense() {
    assertThrows(
        IllegalArgumentException.class,
        () -> new AmgSettings(Compared.NOISED, 0, 1.5, 1.95, 1.5, 0.025, 80_000, 3, 10));
    assertThrows(
        IllegalArgumentException.class,
        () -> new AmgSettings(Compared.NOISED, 250, 1.5, 1.4, 1.5, 0.025, 80_000, 3, 10));
    assertThrows(
        IllegalArgumentException.class,
        () -> new AmgSettings(Compared.NOISED, 250, 1.5, 1.95, 1.5, Double.NaN, 80_000, 3, 10));
  }
}
