package io.github.cpsample.evaluation.quality;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import io.github.cpsample.evaluation.GoldenMetrics;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class FeatureDistanceTest {

  /** Both sides compute in double with a few hundred roundings of values near 1. */
  private static final double ROUNDING = 1e-12;

  private final JsonObject golden = GoldenMetrics.section("fid_kid");
  private final double[][] first = GoldenMetrics.firstFeatures();
  private final double[][] second = GoldenMetrics.secondFeatures();

  @Test
  void frechetDistanceIsThatOfTheMatrixSquareRoot() {
    double expected = golden.get("fid_sqrtm").getAsDouble();
    assertEquals(expected, FrechetDistance.between(first, second), ROUNDING);
    assertEquals(expected, FrechetDistance.between(second, first), ROUNDING);
    assertEquals(golden.get("tr1").getAsDouble(), FeatureSummary.of(first).trace(), ROUNDING);
    assertEquals(golden.get("tr2").getAsDouble(), FeatureSummary.of(second).trace(), ROUNDING);
  }

  @Test
  void frechetDistanceOfASetToItselfIsZero() {
    assertEquals(0, FrechetDistance.between(first, first.clone()), ROUNDING);
  }

  @Test
  void frechetDistanceIsExactWithFewerVectorsThanFeatures() {
    // Rank 1 each: S1 = 2 u u^T and S2 = 2 v v^T with u.v = 24, so the trace of the root is 2
    // |u.v|.
    double[] u = {1, 2, 3, 0, 0, 0, 0, 1};
    double[] v = {2, 2, 6, 1, 5, 0, 0, 0};
    double dot = dot(u, v);
    double expected = 2 * dot(u, u) + 2 * dot(v, v) - 2 * 2 * Math.abs(dot);
    assertEquals(
        expected, FrechetDistance.between(pair(u), pair(v)), ROUNDING * expected, "rank deficient");
  }

  /** A feature that never changes adds the square of its difference, wherever it stands. */
  @Test
  void frechetDistanceTakesFeaturesThatNeverChange() {
    double expected = FrechetDistance.between(first, second);
    for (int place = 0; place <= first[0].length; place++) {
      double[][] a = with(first, place, 3);
      double[][] b = with(second, place, 5);
      assertEquals(expected + 4, FrechetDistance.between(a, b), 10 * ROUNDING);
    }
  }

  private static double[][] with(double[][] rows, int place, double value) {
    return Arrays.stream(rows)
        .map(
            row -> {
              double[] longer = new double[row.length + 1];
              System.arraycopy(row, 0, longer, 0, place);
              longer[place] = value;
              System.arraycopy(row, place, longer, place + 1, row.length - place);
              return longer;
            })
        .toArray(double[][]::new);
  }

  @Test
  void frechetDistanceOfAMovedSetIsTheSquaredMove() {
    double[][] moved =
        Arrays.stream(first)
            .map(row -> Arrays.stream(row).map(x -> x + 3).toArray())
            .toArray(double[][]::new);
    assertEquals(9 * 6, FrechetDistance.between(first, moved), 1e-10);
  }

  @Test
  void frechetDistanceOfManyVectorsAgreesWithCommutingCovariances() {
    // S2 = 4 S1: Tr S1 + Tr S2 - 2 Tr (4 S1^2)^(1/2) = Tr S1, and equal means.
    Random random = new Random(1);
    double[][] rows = new double[300][16];
    double[][] doubled = new double[600][16];
    for (int i = 0; i < 300; i++) {
      for (int d = 0; d < 16; d++) {
        rows[i][d] = random.nextGaussian() * (d + 1);
        doubled[2 * i][d] = 2 * rows[i][d];
        doubled[2 * i + 1][d] = -2 * rows[i][d];
      }
    }
    double[][] symmetric = new double[600][];
    for (int i = 0; i < 600; i++) {
      symmetric[i] = Arrays.stream(doubled[i]).map(x -> x / 2).toArray();
    }
    double trace = FeatureSummary.of(symmetric).trace();
    assertEquals(trace, FrechetDistance.between(symmetric, doubled), 1e-9 * trace);
  }

  @Test
  void kernelDistanceIsTheGoldenOne() {
    assertEquals(
        golden.getAsJsonObject("kid_one_subset").get("value").getAsDouble(),
        KernelDistance.between(Arrays.copyOf(second, 40), first),
        ROUNDING);
  }

  @Test
  void kernelDistanceOfUnequalSetsByHand() {
    // d = 1, x = {0, 1}, y = {0, 1, 2}: k = (xy + 1)^3.
    double within = 1;
    double other = (1 + 1 + 27) / 3.0;
    double across = (1 + 1 + 1 + 1 + 8 + 27) / 6.0;
    assertEquals(
        within + other - 2 * across,
        KernelDistance.between(new double[][] {{0}, {1}}, new double[][] {{0}, {1}, {2}}),
        ROUNDING);
  }

  @Test
  void kernelDistanceOfAnyNumberOfVectorsIsTheSumOverPairs() {
    for (int m = 2; m <= 10; m++) {
      double[][] x = Arrays.copyOf(first, m);
      double[][] y = Arrays.copyOf(second, 12 - m);
      double expected =
          meanKernel(x, x, true) + meanKernel(y, y, true) - 2 * meanKernel(x, y, false);
      assertEquals(expected, KernelDistance.between(x, y), ROUNDING, m + " vectors");
    }
  }

  @Test
  void refusesWhatHasNoCovarianceOrDoesNotFit() {
    double[][] narrow = {{1}, {2}};
    double[][] broken = {{1, 2}, {Double.NaN, 3}};
    assertThrows(IllegalArgumentException.class, () -> FrechetDistance.between(first, narrow));
    assertThrows(IllegalArgumentException.class, () -> KernelDistance.between(first, narrow));
    assertThrows(IllegalArgumentException.class, () -> FeatureSummary.of(new double[][] {{1}}));
    assertThrows(
        IllegalArgumentException.class, () -> FeatureSummary.of(new double[][] {{1}, {1, 2}}));
    String message =
        assertThrows(IllegalArgumentException.class, () -> FeatureSummary.of(broken)).getMessage();
    assertTrue(message.contains("NaN") && message.contains("row 1"), message);
  }

  private static double meanKernel(double[][] x, double[][] y, boolean withoutDiagonal) {
    double sum = 0;
    int pairs = 0;
    for (int i = 0; i < x.length; i++) {
      for (int j = 0; j < y.length; j++) {
        if (!withoutDiagonal || i != j) {
          sum += Math.pow(dot(x[i], y[j]) / x[i].length + 1, 3);
          pairs++;
        }
      }
    }
    return sum / pairs;
  }

  private static double[][] pair(double[] vector) {
    return new double[][] {vector, Arrays.stream(vector).map(x -> -x).toArray()};
  }

  private static double dot(double[] a, double[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += a[i] * b[i];
    }
    return sum;
  }
}
