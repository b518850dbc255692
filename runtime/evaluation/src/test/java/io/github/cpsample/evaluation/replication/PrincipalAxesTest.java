package io.github.cpsample.evaluation.replication;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.cpsample.evaluation.statistics.RowSource;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Coordinates along principal axes keep the distances that they can keep. */
class PrincipalAxesTest {

  /** Rows in a plane of three dimensions somewhere in 50. */
  @Test
  void rowsOfFewDimensionsKeepTheirDistances() {
    float[][] directions = TestRows.uniform(3, 50, 1);
    float[][] rows = new float[40][50];
    Random random = new Random(2);
    for (float[] row : rows) {
      for (float[] direction : directions) {
        float share = (float) random.nextGaussian();
        for (int d = 0; d < row.length; d++) {
          row[d] += 5 / 50f + share * direction[d];
        }
      }
    }
    PrincipalAxes axes = PrincipalAxes.of(RowSource.of(rows), 10, 3);
    assertTrue(axes.count() >= 3 && axes.count() <= 10, "" + axes.count());
    for (int i = 1; i < rows.length; i++) {
      double whole = TestRows.distance(rows[0], rows[i]);
      double shortened = TestRows.distance(axes.shorten(rows[0]), axes.shorten(rows[i]));
      assertEquals(whole, shortened, 1e-4 * whole);
    }
  }

  @Test
  void noDistanceGrows() {
    float[][] rows = TestRows.uniform(700, 30, 4);
    PrincipalAxes axes = PrincipalAxes.of(RowSource.of(rows), 8, 5);
    assertEquals(8, axes.count());
    for (int i = 1; i < rows.length; i++) {
      double whole = TestRows.distance(rows[0], rows[i]);
      double shortened = TestRows.distance(axes.shorten(rows[0]), axes.shorten(rows[i]));
      assertTrue(shortened <= whole * (1 + 1e-5), shortened + " of " + whole);
    }
  }

  /** The axis of the larger variance is the first one. */
  @Test
  void theFirstAxisIsThatOfMostVariance() {
    float[][] rows = {{-3, -1}, {3, -1}, {-3, 1}, {3, 1}};
    PrincipalAxes axes = PrincipalAxes.of(RowSource.of(rows), 1, 6);
    assertEquals(1, Math.abs(axes.shorten(new float[] {1, 0})[0]), 1e-6);
    assertEquals(0, axes.shorten(new float[] {0, 1})[0], 1e-6);
  }
}
