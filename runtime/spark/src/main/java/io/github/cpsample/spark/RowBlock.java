package io.github.cpsample.spark;

import java.io.Serializable;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.sql.Row;

/** Some rows of features with their ids. Immutable. */
final class RowBlock implements Serializable {
  private static final long serialVersionUID = 1L;

  private final long[] ids;
  private final float[][] rows;

  private RowBlock(List<Row> stored) {
    this.ids = stored.stream().mapToLong(row -> row.getLong(0)).toArray();
    this.rows =
        stored.stream()
            .map(row -> FeatureRows.values(row.<byte[]>getAs(1)))
            .toArray(float[][]::new);
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

  int size() {
    return ids.length;
  }

  long bytes() {
    return (long) Float.BYTES * rows.length * width();
  }

  int width() {
    return rows[0].length;
  }

  long id(int row) {
    return ids[row];
  }

  float[] row(int row) {
    return rows[row];
  }
}
