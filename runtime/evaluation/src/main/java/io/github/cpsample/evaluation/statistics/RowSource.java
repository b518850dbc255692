package io.github.cpsample.evaluation.statistics;

/**
 * Rows of single precision of one length, read one by one: the pixels of images or their features,
 * which need not be in memory. May be read by several threads at once.
 */
public interface RowSource {

  /**
   * The number of rows.
   *
   * @return at least 0
   */
  int size();

  /**
   * The length of a row.
   *
   * @return at least 1
   */
  int width();

  /**
   * Copies a row.
   *
   * @param row from 0
   * @param target written from {@code offset} for {@link #width()} values
   * @param offset where to start
   */
  void read(int row, float[] target, int offset);

  /**
   * Some rows.
   *
   * @param from the first one
   * @param to the one after the last
   * @return copies, {@code [to - from][width]}
   */
  default float[][] rows(int from, int to) {
    float[][] rows = new float[to - from][width()];
    for (int i = 0; i < rows.length; i++) {
      read(from + i, rows[i], 0);
    }
    return rows;
  }

  /**
   * Rows that are in memory.
   *
   * @param rows all of one length, at least one; not copied
   * @return a view
   */
  static RowSource of(float[][] rows) {
    return new RowSource() {
      @Override
      public int size() {
        return rows.length;
      }

      @Override
      public int width() {
        return rows[0].length;
      }

      @Override
      public void read(int row, float[] target, int offset) {
        System.arraycopy(rows[row], 0, target, offset, rows[row].length);
      }
    };
  }
}
