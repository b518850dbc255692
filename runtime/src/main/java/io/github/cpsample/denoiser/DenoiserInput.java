package io.github.cpsample.denoiser;

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

  /** The row with the condition. */
  TensorBuffer with() {
    return filled(with);
  }

  /** The row without the condition. */
  TensorBuffer without() {
    return filled(without);
  }

  private TensorBuffer filled(float[] values) {
    TensorBuffer tensor = allocate();
    tensor.values().put(0, values, 0, with.length);
    return tensor;
  }

  private TensorBuffer allocate() {
    long[] shape = new long[rowShape.length + 1];
    shape[0] = 1;
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
