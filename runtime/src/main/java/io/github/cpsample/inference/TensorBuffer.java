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
   * A tensor of zeros.
   *
   * @param type its element type
   * @param shape lengths, each at least 1, first the rows; none for a single number without axes
   * @return the tensor
   * @throws IllegalArgumentException as {@link #floats}, or for {@link TensorType#OTHER}
   */
  public static TensorBuffer of(TensorType type, long... shape) {
    if (type == TensorType.OTHER) {
      throw new IllegalArgumentException(
          "tensor type: expected float, float16, double, int32 or int64, found another");
    }
    if (shape.length == 0) {
      ByteBuffer memory = ByteBuffer.allocateDirect(type.bytes()).order(ByteOrder.nativeOrder());
      return new TensorBuffer(type, memory, shape.clone());
    }
    return allocate(type, type.bytes(), shape);
  }

  /**
   * The first rows of this tensor, in the same memory.
   *
   * @param rows at least 1, at most the tensor's
   * @return a view
   * @throws IllegalArgumentException if it has fewer rows
   */
  public TensorBuffer rows(int rows) {
    return rows(0, rows);
  }

  /**
   * Some rows of this tensor, in the same memory.
   *
   * @param from the first of them, at least 0
   * @param count at least 1
   * @return a view
   * @throws IllegalArgumentException if it has no such rows
   */
  public TensorBuffer rows(int from, int count) {
    long rows = shape.length == 0 ? 0 : shape[0];
    if (from < 0 || count < 1 || (long) from + count > rows) {
      throw new IllegalArgumentException(
          "rows of " + this + ": expected some of " + rows + ", found " + count + " from " + from);
    }
    if (count == rows) {
      return this;
    }
    long[] fewer = shape.clone();
    fewer[0] = count;
    int width = (int) (memory.capacity() / rows);
    return new TensorBuffer(
        type, memory.slice(from * width, count * width).order(ByteOrder.nativeOrder()), fewer);
  }

  /**
   * Copies one row from another tensor.
   *
   * @param row which one is overwritten
   * @param source a tensor of one row, of this type and otherwise of this shape
   * @throws IllegalArgumentException if it is another, or this has no such row
   */
  public void putRow(int row, TensorBuffer source) {
    boolean fits = type == source.type && shape.length == source.shape.length && shape.length > 0;
    for (int axis = 1; fits && axis < shape.length; axis++) {
      fits = shape[axis] == source.shape[axis];
    }
    if (!fits || source.shape[0] != 1) {
      throw new IllegalArgumentException(
          "row of " + this + ": expected one row of the same type and shape, found " + source);
    }
    rows(row, 1).memory().put(0, source.memory, 0, source.memory.capacity());
  }

  /**
   * The values, converted where the type is another.
   *
   * @return a view
   */
  public TensorValues values() {
    return new TensorValues(type, memory);
  }

  /**
   * The element type.
   *
   * @return never {@link TensorType#OTHER}
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

  /** The whole memory, from position 0. */
  ByteBuffer memory() {
    return memory.duplicate().order(ByteOrder.nativeOrder());
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
