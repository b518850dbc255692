package io.github.cpsample.evaluation.store;

import io.github.cpsample.evaluation.statistics.RowSource;

/** Some rows of others, in an order of their own. A view; as thread-safe as they are. */
public final class SelectedRows implements RowSource {

  private final RowSource rows;
  private final int[] indices;

  /**
   * A view.
   *
   * @param rows all of them
   * @param indices which; not copied
   */
  public SelectedRows(RowSource rows, int[] indices) {
    this.rows = rows;
    this.indices = indices;
  }

  @Override
  public int size() {
    return indices.length;
  }

  @Override
  public int width() {
    return rows.width();
  }

  @Override
  public void read(int row, float[] target, int offset) {
    rows.read(indices[row], target, offset);
  }
}
