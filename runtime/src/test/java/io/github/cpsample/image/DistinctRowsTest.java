package io.github.cpsample.image;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class DistinctRowsTest {

  @Test
  void keepsTheFirstOfEqualRows() {
    DistinctRows rows = new DistinctRows(2);
    assertTrue(rows.add(new float[] {1, 0}));
    assertTrue(rows.add(new float[] {0, 1}));
    assertFalse(rows.add(new float[] {1, 0}));
    assertFalse(rows.add(new float[] {1, -0.0f}));
    assertTrue(rows.add(new float[] {1, Math.nextUp(0f)}));
    assertEquals(3, rows.rows().size());
    assertArrayEquals(new float[] {0, 1}, rows.rows().row(1));
  }

  /** Few different rows among many, against a set of lists. */
  @Test
  void agreesWithASet() {
    Random random = new Random(3);
    DistinctRows rows = new DistinctRows(4);
    Set<List<Integer>> expected = new HashSet<>();
    for (int i = 0; i < 3000; i++) {
      List<Integer> row =
          List.of(random.nextInt(6), random.nextInt(6), random.nextInt(6), random.nextInt(6));
      float[] values = new float[4];
      for (int d = 0; d < 4; d++) {
        values[d] = row.get(d);
      }
      assertEquals(expected.add(row), rows.add(values));
    }
    assertEquals(expected.size(), rows.rows().size());
  }

  @Test
  void refusesRowsThatDoNotFit() {
    DistinctRows rows = new DistinctRows(2);
    assertThrows(IllegalArgumentException.class, () -> rows.add(new float[3]));
    assertThrows(IllegalArgumentException.class, () -> rows.add(new float[] {0, Float.NaN}));
    assertThrows(IllegalArgumentException.class, () -> new DistinctRows(0));
    assertThrows(
        IllegalArgumentException.class, () -> new NearestNeighbours(new DistinctRows(2).rows()));
    assertThrows(IndexOutOfBoundsException.class, () -> rows.rows().row(0));
  }
}
