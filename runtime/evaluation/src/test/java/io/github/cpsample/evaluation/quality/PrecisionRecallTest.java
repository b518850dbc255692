package io.github.cpsample.evaluation.quality;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class PrecisionRecallTest {

  @Test
  void byHandOnALine() {
    // k = 1. Real balls: 0 and 1 with radius 1, 4 with radius 3: [-1,1], [0,2], [1,7].
    // Generated 7 and 8 have radius 1, -2 has radius 9: [6,8], [7,9], [-11,7].
    float[][] real = {{0}, {1}, {4}};
    float[][] generated = {{7}, {8}, {-2}};
    PrecisionRecall found = PrecisionRecall.of(real, generated, 1);
    assertEquals(1 / 3.0, found.precision(), 0, "only 7, on the edge");
    assertEquals(1, found.recall(), 0, "all within the ball of -2");
  }

  @Test
  void edgesOfIrrationalLengthCount() {
    // Distances are roots of 2: a vector on the edge of a ball is within.
    float[][] real = {{0, 0}, {1, 1}};
    float[][] generated = {{1, -1}, {100, 100}};
    assertEquals(0.5, PrecisionRecall.of(real, generated, 1).precision(), 0);
  }

  @Test
  void aSetCoversItself() {
    float[][] rows = gaussian(40, 5, 1, 0);
    assertEquals(new PrecisionRecall(1, 1), PrecisionRecall.of(rows, rows.clone(), 3));
  }

  @Test
  void setsFarApartCoverNothingOfEachOther() {
    assertEquals(
        new PrecisionRecall(0, 0),
        PrecisionRecall.of(gaussian(40, 5, 1, 0), gaussian(40, 5, 2, 100), 3));
  }

  @Test
  void oneModeIsPreciseAndForgetsTheOther() {
    float[][] here = gaussian(200, 4, 3, 0);
    float[][] there = gaussian(200, 4, 4, 50);
    float[][] both = Arrays.copyOf(here, 400);
    System.arraycopy(there, 0, both, 200, 200);
    PrecisionRecall found = PrecisionRecall.of(both, gaussian(200, 4, 5, 0), 3);
    assertTrue(found.precision() > 0.6, found.toString());
    assertTrue(found.recall() <= 0.5 && found.recall() > 0.3, found.toString());
  }

  @Test
  void agreesWithCountingInFullMatrices() {
    float[][] real = gaussian(60, 130, 6, 0);
    float[][] generated = gaussian(70, 130, 7, 0.4);
    for (int k : new int[] {1, 3, 10}) {
      PrecisionRecall found = PrecisionRecall.of(real, generated, k);
      assertEquals(covered(generated, real, k), found.precision(), 0);
      assertEquals(covered(real, generated, k), found.recall(), 0);
    }
  }

  @Test
  void copiesMakeBallsOfNoSize() {
    float[][] real = {{1, 2}, {1, 2}, {1, 2}, {1, 2}, {5, 5}};
    float[][] generated = {{1, 2}, {1.0001f, 2}, {9, 9}, {9, 9}, {9, 9}};
    // The ball around (5, 5) reaches to (1, 2), by exactly 5, and so to the second but not to 9.
    assertEquals(0.4, PrecisionRecall.of(real, generated, 3).precision(), 0);
  }

  @Test
  void refusesWhatHasNoBalls() {
    float[][] four = gaussian(4, 2, 1, 0);
    float[][] three = gaussian(3, 2, 1, 0);
    assertEquals(1, PrecisionRecall.of(four, four, 3).recall(), 0);
    assertThrows(IllegalArgumentException.class, () -> PrecisionRecall.of(three, four, 3));
    assertThrows(IllegalArgumentException.class, () -> PrecisionRecall.of(four, three, 3));
    assertThrows(IllegalArgumentException.class, () -> PrecisionRecall.of(four, four, 0));
    assertThrows(
        IllegalArgumentException.class, () -> PrecisionRecall.of(four, gaussian(4, 3, 1, 0), 3));
    float[][] broken = gaussian(4, 2, 1, 0);
    broken[1][1] = Float.NaN;
    assertThrows(IllegalArgumentException.class, () -> PrecisionRecall.of(four, broken, 3));
  }

  private static double covered(float[][] queries, float[][] centres, int k) {
    int inside = 0;
    for (float[] query : queries) {
      boolean found = false;
      for (float[] centre : centres) {
        double[] distances =
            Arrays.stream(centres).mapToDouble(other -> distance(centre, other)).sorted().toArray();
        found |= distance(query, centre) <= distances[k];
      }
      inside += found ? 1 : 0;
    }
    return (double) inside / queries.length;
  }

  private static double distance(float[] a, float[] b) {
    double sum = 0;
    for (int d = 0; d < a.length; d++) {
      sum += Math.pow((double) a[d] - b[d], 2);
    }
    return Math.sqrt(sum);
  }

  private static float[][] gaussian(int count, int dimension, int seed, double mean) {
    Random random = new Random(seed);
    float[][] rows = new float[count][dimension];
    for (float[] row : rows) {
      for (int d = 0; d < dimension; d++) {
        row[d] = (float) (mean + random.nextGaussian());
      }
    }
    return rows;
  }
}
