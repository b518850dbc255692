package io.github.cpsample.conditioning;

import io.github.cpsample.bundle.TensorPort;
import io.github.cpsample.inference.TensorBuffer;
import io.github.cpsample.inference.TensorType;
import java.util.Arrays;

/** What one of a denoiser's inputs receives with the condition, and without. Immutable. */
final class DenoiserInput {
  private final TensorPort port;
  private final long[] rowShape;
  private final float[] with;
  private final float[] without;

  /**
   * @param rowShape sizes of one row, possibly none
   * @param with the row's values
   * @param without the values for the unconditional prediction; may be {@code with} where there is
   *     none
   */
  DenoiserInput(TensorPort port, long[] rowShape, float[] with, float[] without) {
    this.port = port;
    this.rowShape = rowShape.clone();
    this.with = with;
    this.without = without;
  }

  String name() {
    return port.name();
  }

  /** Every row with the condition. */
  TensorBuffer rows(int rows) {
    TensorBuffer tensor = allocate(rows);
    for (int row = 0; row < rows; row++) {
      tensor.values().put(row * with.length, with, 0, with.length);
    }
    return tensor;
  }

  /** Pairs of rows: first without the condition, then with it. */
  TensorBuffer pairs(int pairs) {
    TensorBuffer tensor = allocate(Math.multiplyExact(2, pairs));
    for (int pair = 0; pair < pairs; pair++) {
      tensor.values().put(2 * pair * with.length, without, 0, with.length);
      tensor.values().put((2 * pair + 1) * with.length, with, 0, with.length);
    }
    return tensor;
  }

  private TensorBuffer allocate(int rows) {
    long[] shape = new long[rowShape.length + 1];
    shape[0] = rows;
    System.arraycopy(rowShape, 0, shape, 1, rowShape.length);
    boolean fits = port.rank() == shape.length;
    for (int axis = 1; fits && axis < shape.length; axis++) {
      fits = !port.isFixed(axis) || port.sizes().get(axis) == shape[axis];
    }
    if (!fits) {
      throw new IllegalArgumentException(
          "denoiser's input "
              + port.name()
              + ": expected "
              + port.describe()
              + ", found "
              + Arrays.toString(shape));
    }
    return TensorBuffer.of(TensorType.of(port.type()), shape);
  }
}
