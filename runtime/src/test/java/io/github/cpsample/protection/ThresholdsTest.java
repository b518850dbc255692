package io.github.cpsample.protection;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.cpsample.protection.Thresholds.Level;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ThresholdsTest {
  private static final Thresholds THREE =
      new Thresholds(0.01, List.of(new Level(100, 0.1), new Level(200, 0.3), new Level(600, 0.2)));

  /** At the levels, between them, and outside. */
  @ParameterizedTest
  @CsvSource({
    "0, 0.1",
    "100, 0.1",
    "150, 0.1",
    "199.9, 0.1",
    "200, 0.3",
    "300, 0.2",
    "599.6, 0.2",
    "600, 0.2",
    "999, 0.2"
  })
  void alphaIsTheSmallerOfBothNeighbours(double timestep, double alpha) {
    assertEquals(alpha, THREE.alphaAt(timestep), 1e-12);
  }

  @Test
  void oneLevelHoldsEverywhere() {
    Thresholds one = new Thresholds(0.05, List.of(new Level(300, 0.25)));
    for (double timestep : new double[] {0, 299.5, 300, 999}) {
      assertEquals(0.25, one.alphaAt(timestep));
    }
  }

  @Test
  void settingsTakeThemInsteadOfAlphaUntilAlphaIsGiven() {
    ProtectionSettings plain = ProtectionSettings.of("code", "opposite-label", 0.05, 40, 0, 999);
    assertEquals(0.05, plain.alphaAt(150));
    ProtectionSettings settings = plain.withThresholds(THREE);
    assertEquals(0.1, settings.alphaAt(150), 1e-12);
    assertEquals(0.1, settings.withScale(3).withAsks(Subject.X_0).alphaAt(150), 1e-12);
    assertEquals(0.4, settings.withAlpha(0.4).alphaAt(150));
    assertTrue(settings.describe().contains("0.01 false alarms"), settings.describe());
  }

  @Test
  void levelsAreCopied() {
    List<Level> levels = new ArrayList<>(List.of(new Level(0, 0.1)));
    Thresholds thresholds = new Thresholds(0.01, levels);
    levels.clear();
    assertEquals(0.1, thresholds.alphaAt(5));
  }

  @ParameterizedTest
  @CsvSource({"-1, 0.1", "NaN, 0.1", "Infinity, 0.1", "5, 0", "5, 0.5", "5, NaN", "5, -0.1"})
  void levelsOutOfRangeAreRefused(double timestep, double alpha) {
    String message =
        assertThrows(IllegalArgumentException.class, () -> new Level(timestep, alpha)).getMessage();
    assertTrue(message.startsWith("thresholds: expected"), message);
  }

  @Test
  void listsOutOfOrderAndRatesOutOfRangeAreRefused() {
    List<Level> twice = List.of(new Level(5, 0.1), new Level(5, 0.2));
    List<Level> falling = List.of(new Level(5, 0.1), new Level(4, 0.1));
    List<Level> one = List.of(new Level(5, 0.1));
    assertThrows(IllegalArgumentException.class, () -> new Thresholds(0.01, twice));
    assertThrows(IllegalArgumentException.class, () -> new Thresholds(0.01, falling));
    assertThrows(IllegalArgumentException.class, () -> new Thresholds(0.01, List.of()));
    for (double rate : new double[] {0, 1, -0.1, Double.NaN}) {
      assertThrows(IllegalArgumentException.class, () -> new Thresholds(rate, one));
    }
  }
}
