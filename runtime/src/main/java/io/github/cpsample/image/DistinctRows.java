package io.github.cpsample.image;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Collects rows and leaves out those that are there already, number for number (0 and -0 are
 * equal). Otherwise the copy of a training image would be its own second nearest neighbour, and
 * hide every replica of it from a rule that compares the two. Not thread-safe.
 */
public final class DistinctRows {

  private final RowBlocks rows;
  private final Map<Integer, List<Integer>> byHash = new HashMap<>();

  /**
   * No rows yet.
   *
   * @param dimension numbers per row, at least 1
   */
  public DistinctRows(int dimension) {
    this.rows = new RowBlocks(dimension);
  }

  /**
   * Adds a row unless it is there.
   *
   * @param row finite numbers, copied
   * @return true if it was new
   * @throws IllegalArgumentException if it has another length or a number is not finite
   */
  public boolean add(float[] row) {
    List<Integer> alike = byHash.computeIfAbsent(hash(row), hash -> new ArrayList<>(1));
    for (int index : alike) {
      if (equal(row, rows.row(index))) {
        return false;
      }
    }
    rows.add(row);
    alike.add(rows.size() - 1);
    return true;
  }

  /**
   * The rows so far.
   *
   * @return the rows themselves, in the order in which they came; add no more rows once they are
   *     searched
   */
  public RowBlocks rows() {
    return rows;
  }

  private static int hash(float[] row) {
    int hash = 1;
    for (float value : row) {
      hash = 31 * hash + Float.hashCode(value + 0.0f);
    }
    return hash;
  }

  private static boolean equal(float[] a, float[] b) {
    if (a.length != b.length) {
      return false;
    }
    for (int i = 0; i < a.length; i++) {
      if (a[i] != b[i]) {
        return false;
      }
    }
    return true;
  }
}
