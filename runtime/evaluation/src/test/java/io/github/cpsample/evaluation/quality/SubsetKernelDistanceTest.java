package io.github.cpsample.evaluation.quality;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.cpsample.evaluation.GoldenAudit;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SubsetKernelDistanceTest {

  private static final double ROUNDING = 1e-12;

  /** {@code F1[i,j] = sin(0.37 i j)}, i = 1..40, j = 1..6. */
  private final double[][] first = features(40, (i, j) -> Math.sin(0.37 * i * j));

  /** {@code F2[k,j] = cos(0.21 k j) + 0.1 (j-1)}, k = 1..50, j = 1..6. */
  private final double[][] second = features(50, (k, j) -> Math.cos(0.21 * k * j) + 0.1 * (j - 1));

  @Test
  void aSubsetOfAllIsTheGoldenOne() {
    SubsetKernelDistance.Estimate estimate =
        new SubsetKernelDistance(5, 1000, 3).between(Arrays.copyOf(second, 40), first);
    double golden =
        GoldenAudit.section("fid_kid").getAsJsonObject("kid_one_subset").get("value").getAsDouble();
    assertEquals(golden, estimate.mean(), ROUNDING);
    assertEquals(0, estimate.deviation(), ROUNDING);
  }

  @Test
  void subsetsHaveNoBias() {
    // Without replacement every subset is an unbiased estimate of the estimate over all.
    int subsets = 20_000;
    SubsetKernelDistance.Estimate estimate =
        new SubsetKernelDistance(subsets, 10, 4).between(first, second);
    double error = estimate.deviation() / Math.sqrt(subsets);
    assertTrue(estimate.deviation() > 0);
    assertEquals(KernelDistance.between(first, second), estimate.mean(), 5 * error);
  }

  @Test
  void aSubsetHoldsNoVectorTwice() {
    // One vector of a hundred is far away: a subset of all holds it once, and the distance of the
    // set to itself would not be this if it were drawn twice or never.
    double[][] rows = new double[100][1];
    rows[50][0] = 1000;
    double whole = KernelDistance.between(rows, rows);
    SubsetKernelDistance.Estimate estimate =
        new SubsetKernelDistance(20, 100, 1).between(rows, rows.clone());
    assertEquals(whole, estimate.mean(), Math.abs(whole) * ROUNDING);
  }

  @Test
  void theSeedDecides() {
    SubsetKernelDistance settings = new SubsetKernelDistance(10, 10, 1);
    assertEquals(settings.between(first, second), settings.between(first, second));
    assertNotEquals(
        settings.between(first, second),
        new SubsetKernelDistance(10, 10, 2).between(first, second));
    assertEquals(100, SubsetKernelDistance.usual(1).subsets());
    assertEquals(1000, SubsetKernelDistance.usual(1).subsetSize());
  }

  @Test
  void doesNotTouchItsArguments() {
    Random random = new Random(1);
    double[][] rows = features(20, (i, j) -> random.nextGaussian());
    double[][] order = rows.clone();
    new SubsetKernelDistance(3, 5, 1).between(rows, second);
    for (int i = 0; i < rows.length; i++) {
      assertTrue(rows[i] == order[i], "row " + i + " was moved");
    }
  }

  @Test
  void refusesWhatHasNoDistance() {
    SubsetKernelDistance usual = SubsetKernelDistance.usual(1);
    assertThrows(
        IllegalArgumentException.class, () -> usual.between(first, new double[][] {{1}, {2}}));
    assertThrows(
        IllegalArgumentException.class, () -> usual.between(first, Arrays.copyOf(second, 1)));
    assertThrows(IllegalArgumentException.class, () -> usual.between(new double[0][], second));
    double[][] broken = {{1, 2, 3, 4, 5, 6}, {1, 2, Double.NaN, 4, 5, 6}};
    assertThrows(IllegalArgumentException.class, () -> usual.between(broken, second));
    assertThrows(IllegalArgumentException.class, () -> new SubsetKernelDistance(0, 10, 1));
    assertThrows(IllegalArgumentException.class, () -> new SubsetKernelDistance(1, 1, 1));
  }

  private interface Cell {
    double at(int i, int j);
  }

  private static double[][] features(int count, Cell cell) {
    double[][] features = new double[count][6];
    for (int i = 1; i <= count; i++) {
      for (int j = 1; j <= 6; j++) {
        features[i - 1][j - 1] = cell.at(i, j);
      }
    }
    return features;
  }
}
