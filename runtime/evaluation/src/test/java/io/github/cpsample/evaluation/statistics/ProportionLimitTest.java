package io.github.cpsample.evaluation.statistics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProportionLimitTest {

  @Test
  void nothingSeenIsAboutThreeOverN() {
    for (int n : new int[] {1, 10, 3000}) {
      assertEquals(1 - Math.pow(0.05, 1.0 / n), ProportionLimit.upper(0, n, 0.95), 1e-12);
      assertEquals(0, ProportionLimit.lower(0, n, 0.95));
    }
    assertEquals(3 / 3000.0, ProportionLimit.upper(0, 3000, 0.95), 5e-6);
  }

  /** The limits solve P(X <= k | upper) = 1 - confidence and P(X >= k | lower) = 1 - confidence. */
  @ParameterizedTest
  @CsvSource({"1, 10", "3, 64", "30, 64", "63, 64", "5, 2000"})
  void theTailBeyondALimitIsOneLessTheConfidence(int hits, int trials) {
    double upper = ProportionLimit.upper(hits, trials, 0.99);
    double lower = ProportionLimit.lower(hits, trials, 0.99);
    assertEquals(0.01, atMost(hits, trials, upper), 1e-9);
    assertEquals(0.01, 1 - atMost(hits - 1, trials, lower), 1e-9);
  }

  /** The binomial distribution function, summed term by term. */
  private static double atMost(int hits, int trials, double share) {
    double term = Math.pow(1 - share, trials);
    double sum = term;
    for (int k = 0; k < hits; k++) {
      term *= share / (1 - share) * (trials - k) / (k + 1);
      sum += term;
    }
    return sum;
  }

  @Test
  void allHitsReachOne() {
    assertEquals(1, ProportionLimit.upper(7, 7, 0.95));
    assertEquals(Math.pow(0.05, 1 / 7.0), ProportionLimit.lower(7, 7, 0.95), 1e-12);
  }

  @ParameterizedTest
  @CsvSource({"-1, 3, 0.9", "4, 3, 0.9", "0, 0, 0.9", "1, 3, 1", "1, 3, 0", "1, 3, NaN"})
  void refusesWhatIsNoShare(long hits, long trials, double confidence) {
    assertThrows(
        IllegalArgumentException.class, () -> ProportionLimit.upper(hits, trials, confidence));
    assertThrows(
        IllegalArgumentException.class, () -> ProportionLimit.lower(hits, trials, confidence));
  }
}
