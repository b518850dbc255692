package io.github.cpsample.spark;

import java.io.Serializable;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.sql.Row;

/** Some rows of features with their ids and squared lengths. Immutable. */
final class RowBlock implements Serializable {
  private static final long serialVersionUID = 2L;

  private final long[] ids;
  private final double[] squares;

  /** {@code size x width}, row after row: one array travels much faster than one for each row. */
  private final float[] values;

  private RowBlock(List<Row> stored) {
    this.ids = stored.stream().mapToLong(row -> row.getLong(0)).toArray();
    this.squares = new double[ids.length];
    int width = FeatureRows.values(stored.get(0).getAs(1)).length;
    this.values = new float[Math.multiplyExact(ids.length, width)];
    for (int i = 0; i < ids.length; i++) {
      float[] row = FeatureRows.values(stored.get(i).getAs(1));
      if (row.length != width) {
        throw new IllegalArgumentException(
            "image " + ids[i] + ": expected " + width + " numbers, found " + row.length);
      }
      System.arraycopy(row, 0, values, i * width, width);
      squares[i] = square(row);
    }
  }

  /**
   * Cuts rows of id and values into blocks.
   *
   * @param most rows per block
   */
  static Iterator<RowBlock> of(Iterator<Row> rows, int most) {
    return new Flattened<>(
        new Chunks<>(rows, most), chunk -> List.of(new RowBlock(chunk)).iterator());
  }

  private static double square(float[] row) {
    double sum = 0;
    for (float value : row) {
      sum += (double) value * value;
    }
    return sum;
  }

  int size() {
    return ids.length;
  }

  long bytes() {
    return (long) Float.BYTES * values.length;
  }

  int width() {
    return values.length / ids.length;
  }

  long id(int row) {
    return ids[row];
  }

  /** The squared length of a row, summed in double precision. */
  double square(int row) {
    return squares[row];
  }

  /** A copy of a row. */
  float[] row(int row) {
    return Arrays.copyOfRange(values, row * width(), (row + 1) * width());
  }

  /** Copies all rows, one after another. */
  void readAll(FloatBuffer target) {
    target.put(values);
  }
}
