package io.github.cpsample.inference;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.DoubleBuffer;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import java.util.Arrays;
import java.util.Locale;

/**
 * A tensor in direct memory that sessions read from and write to without copying. Made once and
 * used for many runs; the memory is freed when the buffer is no longer reachable. Not thread-safe:
 * one trajectory, one set of buffers.
 */
public final class TensorBuffer {
  private final TensorType type;
  private final ByteBuffer memory;
  private final long[] shape;

  private TensorBuffer(TensorType type, ByteBuffer memory, long[] shape) {
    this.type = type;
    this.memory = memory;
    this.shape = shape;
  }

  /**
   * A float tensor of zeros.
   *
   * @param shape lengths, each at least 1, first the rows
   * @return the tensor
   * @throws IllegalArgumentException if the shape is empty, has lengths below 1 or more than 2 GiB
   *     of values
   */
  public static TensorBuffer floats(long... shape) {
    return allocate(TensorType.FLOAT, Float.BYTES, shape);
  }

  /**
   * A float64 tensor of zeros.
   *
   * @param shape lengths, each at least 1, first the rows
   * @return the tensor
   * @throws IllegalArgumentException as {@link #floats}
   */
  public static TensorBuffer doubles(long... shape) {
    return allocate(TensorType.DOUBLE, Double.BYTES, shape);
  }

  /**
   * An int64 tensor of zeros.
   *
   * @param shape lengths, each at least 1, first the rows
   * @return the tensor
   * @throws IllegalArgumentException as {@link #floats}
   */
  public static TensorBuffer longs(long... shape) {
    return allocate(TensorType.INT64, Long.BYTES, shape);
  }

  /**
   * The first rows of this tensor, in the same memory.
   *
   * @param rows at least 1, at most the tensor's
   * @return a view
   * @throws IllegalArgumentException if it has fewer rows
   */
  public TensorBuffer rows(int rows) {
    if (rows < 1 || rows > shape[0]) {
      throw new IllegalArgumentException(
          "rows of " + this + ": expected 1 to " + shape[0] + ", found " + rows);
    }
    if (rows == shape[0]) {
      return this;
    }
    long[] fewer = shape.clone();
    fewer[0] = rows;
    int bytes = (int) (memory.capacity() / shape[0] * rows);
    return new TensorBuffer(type, memory.slice(0, bytes).order(ByteOrder.nativeOrder()), fewer);
  }

  /**
   * The element type.
   *
   * @return FLOAT, DOUBLE or INT64
   */
  public TensorType type() {
    return type;
  }

  /**
   * The shape.
   *
   * @return a copy
   */
  public long[] shape() {
    return shape.clone();
  }

  /**
   * The values of a float tensor.
   *
   * @return a view of the memory, from position 0 to the number of values
   * @throws IllegalStateException if this is no float tensor
   */
  public FloatBuffer asFloats() {
    require(TensorType.FLOAT);
    return memory.asFloatBuffer();
  }

  /**
   * The values of a float64 tensor.
   *
   * @return a view of the memory, from position 0 to the number of values
   * @throws IllegalStateException if this is no float64 tensor
   */
  public DoubleBuffer asDoubles() {
    require(TensorType.DOUBLE);
    return memory.asDoubleBuffer();
  }

  /**
   * The values of an int64 tensor.
   *
   * @return a view of the memory, from position 0 to the number of values
   * @throws IllegalStateException if this is no int64 tensor
   */
  public LongBuffer asLongs() {
    require(TensorType.INT64);
    return memory.asLongBuffer();
  }

  /** Type and shape, for errors. */
  @Override
  public String toString() {
    return type.name().toLowerCase(Locale.ROOT) + Arrays.toString(shape).replace(" ", "");
  }

  private void require(TensorType wanted) {
    if (type != wanted) {
      throw new IllegalStateException("tensor: expected " + wanted + ", found " + this);
    }
  }

  private static TensorBuffer allocate(TensorType type, int width, long[] shape) {
    long bytes = width;
    for (long length : shape) {
      bytes = length < 1 || bytes > Integer.MAX_VALUE / length ? -1 : bytes * length;
      if (bytes < 0) {
        break;
      }
    }
    if (shape.length == 0 || bytes < 0) {
      throw new IllegalArgumentException(
          "tensor shape: expected lengths of at least 1 and at most 2 GiB together, found "
              + Arrays.toString(shape));
    }
    ByteBuffer memory = ByteBuffer.allocateDirect((int) bytes).order(ByteOrder.nativeOrder());
    return new TensorBuffer(type, memory, shape.clone());
  }
}
