package io.github.cpsample.inference;

import ai.onnxruntime.platform.Fp16Conversions;
import java.nio.ByteBuffer;

/**
 * The values of a tensor of any type as floating point numbers: written values are converted to the
 * tensor's type (integers round to the nearest), read ones from it. A view of the tensor's memory;
 * not thread-safe.
 */
public final class TensorValues {
  private final TensorType type;
  private final ByteBuffer memory;

  TensorValues(TensorType type, ByteBuffer memory) {
    this.type = type;
    this.memory = memory;
  }

  /**
   * The number of values.
   *
   * @return at least 1
   */
  public int count() {
    return memory.capacity() / type.bytes();
  }

  /**
   * Writes some values.
   *
   * @param position where in the tensor, at least 0
   * @param source what to write
   * @param from where in the source
   * @param count how many
   * @throws IndexOutOfBoundsException if either is too short
   */
  public void put(int position, float[] source, int from, int count) {
    if (type == TensorType.FLOAT) {
      memory.asFloatBuffer().put(position, source, from, count);
      return;
    }
    for (int i = 0; i < count; i++) {
      put(position + i, source[from + i]);
    }
  }

  /**
   * Writes one value.
   *
   * @param position where in the tensor, at least 0
   * @param value the value
   * @throws IndexOutOfBoundsException if the tensor is too short
   */
  public void put(int position, double value) {
    int at = position * type.bytes();
    switch (type) {
      case FLOAT -> memory.putFloat(at, (float) value);
      case FLOAT16 -> memory.putShort(at, Fp16Conversions.floatToFp16((float) value));
      case DOUBLE -> memory.putDouble(at, value);
      case INT32 -> memory.putInt(at, Math.toIntExact(Math.round(value)));
      case INT64 -> memory.putLong(at, Math.round(value));
      case OTHER -> throw new IllegalStateException("no tensor has this type");
    }
  }

  /**
   * Writes the same value everywhere.
   *
   * @param value the value
   */
  public void fill(double value) {
    for (int i = 0; i < count(); i++) {
      put(i, value);
    }
  }

  /**
   * Reads some values.
   *
   * @param position where in the tensor, at least 0
   * @param target where they go
   * @param from where in the target
   * @param count how many
   * @throws IndexOutOfBoundsException if either is too short
   */
  public void get(int position, float[] target, int from, int count) {
    if (type == TensorType.FLOAT) {
      memory.asFloatBuffer().get(position, target, from, count);
      return;
    }
    for (int i = 0; i < count; i++) {
      target[from + i] = (float) get(position + i);
    }
  }

  /**
   * Reads one value.
   *
   * @param position where in the tensor, at least 0
   * @return the value
   * @throws IndexOutOfBoundsException if the tensor is too short
   */
  public double get(int position) {
    int at = position * type.bytes();
    return switch (type) {
      case FLOAT -> memory.getFloat(at);
      case FLOAT16 -> Fp16Conversions.fp16ToFloat(memory.getShort(at));
      case DOUBLE -> memory.getDouble(at);
      case INT32 -> memory.getInt(at);
      case INT64 -> memory.getLong(at);
      case OTHER -> throw new IllegalStateException("no tensor has this type");
    };
  }
}
