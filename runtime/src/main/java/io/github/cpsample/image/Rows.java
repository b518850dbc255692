package io.github.cpsample.image;

/** Checks of matrices that come as an array of rows. */
public final class Rows {

  private Rows() {}

  /**
   * The common length of all rows, at least 1.
   *
   * @param name what to call the matrix in errors
   * @param rows the rows, not modified
   * @param atLeast the least number of rows
   * @return the length of every row
   * @throws IllegalArgumentException if the matrix is too short, ragged or not finite
   */
  public static int requireFinite(String name, float[][] rows, int atLeast) {
    requireCount(name, rows.length, atLeast);
    int dimension = rows[0].length;
    for (int i = 0; i < rows.length; i++) {
      requireLength(name, i, rows[i].length, dimension);
      for (float value : rows[i]) {
        requireFinite(name, i, value);
      }
    }
    return dimension;
  }

  /**
   * The common length of all rows, at least 1.
   *
   * @param name what to call the matrix in errors
   * @param rows the rows, not modified
   * @param atLeast the least number of rows
   * @return the length of every row
   * @throws IllegalArgumentException if the matrix is too short, ragged or not finite
   */
  public static int requireFinite(String name, double[][] rows, int atLeast) {
    requireCount(name, rows.length, atLeast);
    int dimension = rows[0].length;
    for (int i = 0; i < rows.length; i++) {
      requireLength(name, i, rows[i].length, dimension);
      for (double value : rows[i]) {
        requireFinite(name, i, value);
      }
    }
    return dimension;
  }

  private static void requireCount(String name, int count, int atLeast) {
    if (count < atLeast) {
      throw new IllegalArgumentException(
          name + ": expected at least " + atLeast + " rows, found " + count);
    }
  }

  private static void requireLength(String name, int row, int length, int expected) {
    if (length != expected || length == 0) {
      throw new IllegalArgumentException(
          name
              + ": expected rows of one length, at least 1; row 0 has "
              + expected
              + ", row "
              + row
              + " has "
              + length);
    }
  }

  private static void requireFinite(String name, int row, double value) {
    if (!Double.isFinite(value)) {
      throw new IllegalArgumentException(
          name + ": expected finite values, found " + value + " in row " + row);
    }
  }
}
