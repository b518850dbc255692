package io.github.cpsample.evaluation.replication;

import io.github.cpsample.evaluation.statistics.RowSource;

/**
 * Rows divided by their length. Between such rows the nearest in Euclidean distance is the one with
 * the largest cosine: {@code |a - b|^2 = 2 - 2 cos}. A view.
 *
 * @param rows none of them zero
 */
record Directions(RowSource rows) implements RowSource {

  @Override
  public int size() {
    return rows.size();
  }

  @Override
  public int width() {
    return rows.width();
  }

  @Override
  public void read(int row, float[] target, int offset) {
    float[] numbers = new float[width()];
    rows.read(row, numbers, 0);
    System.arraycopy(of(numbers), 0, target, offset, numbers.length);
  }

  /** Whether a row has a direction: not all of its numbers are zero. */
  static boolean has(float[] row) {
    for (float value : row) {
      if (value != 0) {
        return true;
      }
    }
    return false;
  }

  /** A row that has a direction, divided by its length; a new array. */
  static float[] of(float[] row) {
    double length = Math.sqrt(dot(row, row));
    float[] unit = new float[row.length];
    for (int i = 0; i < row.length; i++) {
      unit[i] = (float) (row[i] / length);
    }
    return unit;
  }

  /** The cosine of the angle between two rows that have directions, in [-1, 1]. */
  static double cosine(float[] first, float[] second) {
    double cosine = dot(first, second) / Math.sqrt(dot(first, first) * dot(second, second));
    return Math.max(-1, Math.min(1, cosine));
  }

  private static double dot(float[] first, float[] second) {
    double sum = 0;
    for (int i = 0; i < first.length; i++) {
      sum += (double) first[i] * second[i];
    }
    return sum;
  }
}
