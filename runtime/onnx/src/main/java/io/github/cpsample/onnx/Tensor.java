package io.github.cpsample.onnx;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;

/**
 * A constant tensor: element type, sizes, and values, little-endian and row-major. Immutable and
 * thread-safe.
 */
public final class Tensor {

  private final ElementType type;
  private final long[] sizes;
  private final byte[] data;
  private final List<String> strings;

  private Tensor(ElementType type, long[] sizes, byte[] data, List<String> strings) {
    this.type = type;
    this.sizes = sizes;
    this.data = data;
    this.strings = strings;
  }

  /**
   * A tensor from its bytes.
   *
   * @param type not {@code STRING}
   * @param data little-endian values, as many as the sizes say; copied
   * @param sizes the sizes
   * @return the tensor
   */
  public static Tensor ofBytes(ElementType type, byte[] data, long... sizes) {
    return owning(type, data.clone(), sizes.clone());
  }

  /** As {@link #ofBytes}, for arrays that nobody else holds. */
  static Tensor owning(ElementType type, byte[] data, long[] sizes) {
    long expected = Math.multiplyExact(elements(sizes), (long) type.bytes());
    if (type == ElementType.STRING || expected != data.length) {
      throw new MalformedModelException(
          "Tensor "
              + type
              + Arrays.toString(sizes)
              + ": expected "
              + expected
              + " bytes, found "
              + data.length);
    }
    return new Tensor(type, sizes, data, List.of());
  }

  /**
   * A tensor of strings.
   *
   * @param values as many as the sizes say
   * @param sizes the sizes
   * @return the tensor
   */
  public static Tensor ofStrings(List<String> values, long... sizes) {
    if (elements(sizes) != values.size()) {
      throw new MalformedModelException(
          "Tensor of strings: expected " + elements(sizes) + " values, found " + values.size());
    }
    return new Tensor(ElementType.STRING, sizes.clone(), new byte[0], List.copyOf(values));
  }

  /**
   * A float32 tensor.
   *
   * @param values row-major, copied
   * @param sizes the sizes
   * @return the tensor
   */
  public static Tensor of(float[] values, long... sizes) {
    byte[] data = new byte[Math.multiplyExact(values.length, Float.BYTES)];
    littleEndian(data).asFloatBuffer().put(values);
    return owning(ElementType.FLOAT, data, sizes.clone());
  }

  /**
   * A float64 tensor.
   *
   * @param values row-major, copied
   * @param sizes the sizes
   * @return the tensor
   */
  public static Tensor of(double[] values, long... sizes) {
    byte[] data = new byte[Math.multiplyExact(values.length, Double.BYTES)];
    littleEndian(data).asDoubleBuffer().put(values);
    return owning(ElementType.DOUBLE, data, sizes.clone());
  }

  /**
   * An int64 tensor.
   *
   * @param values row-major, copied
   * @param sizes the sizes
   * @return the tensor
   */
  public static Tensor of(long[] values, long... sizes) {
    byte[] data = new byte[Math.multiplyExact(values.length, Long.BYTES)];
    littleEndian(data).asLongBuffer().put(values);
    return owning(ElementType.INT64, data, sizes.clone());
  }

  private static ByteBuffer littleEndian(byte[] data) {
    return ByteBuffer.wrap(data).order(ByteOrder.LITTLE_ENDIAN);
  }

  /** The product of sizes. */
  static long elements(long... sizes) {
    long product = 1;
    for (long size : sizes) {
      if (size < 0) {
        throw new MalformedModelException(
            "Tensor: expected sizes >= 0, found " + Arrays.toString(sizes));
      }
      try {
        product = Math.multiplyExact(product, size);
      } catch (ArithmeticException e) {
        throw new MalformedModelException(
            "Tensor: expected fewer than 2^63 elements, found " + Arrays.toString(sizes), e);
      }
    }
    return product;
  }

  /**
   * The element type.
   *
   * @return the type
   */
  public ElementType type() {
    return type;
  }

  /**
   * The sizes.
   *
   * @return a new array
   */
  public long[] sizes() {
    return sizes.clone();
  }

  /**
   * The shape.
   *
   * @return a shape of known sizes
   */
  public Shape shape() {
    return Shape.fixed(sizes);
  }

  /**
   * The number of elements.
   *
   * @return at least 0
   */
  public int size() {
    return Math.toIntExact(elements(sizes));
  }

  /**
   * The values as bytes.
   *
   * @return a read-only, little-endian view
   */
  public ByteBuffer bytes() {
    return ByteBuffer.wrap(data).asReadOnlyBuffer().order(ByteOrder.LITTLE_ENDIAN);
  }

  /**
   * The values of a tensor of strings.
   *
   * @return the strings; empty for other types
   */
  public List<String> strings() {
    return strings;
  }

  /**
   * The values of a float32 or float64 tensor.
   *
   * @return a new array
   */
  public double[] doubles() {
    double[] values = new double[size()];
    ByteBuffer buffer = bytes();
    for (int i = 0; i < values.length; i++) {
      values[i] =
          switch (type) {
            case FLOAT -> buffer.getFloat();
            case DOUBLE -> buffer.getDouble();
            default -> throw wrongType("float32 or float64");
          };
    }
    return values;
  }

  /**
   * The values of a float32 tensor.
   *
   * @return a new array
   */
  public float[] floats() {
    if (type != ElementType.FLOAT) {
      throw wrongType("float32");
    }
    float[] values = new float[size()];
    bytes().asFloatBuffer().get(values);
    return values;
  }

  /**
   * The values of an int64 or int32 tensor.
   *
   * @return a new array
   */
  public long[] longs() {
    long[] values = new long[size()];
    ByteBuffer buffer = bytes();
    for (int i = 0; i < values.length; i++) {
      values[i] =
          switch (type) {
            case INT64 -> buffer.getLong();
            case INT32 -> buffer.getInt();
            default -> throw wrongType("int64 or int32");
          };
    }
    return values;
  }

  private MalformedModelException wrongType(String expected) {
    return new MalformedModelException("Tensor: expected " + expected + ", found " + type);
  }

  @Override
  public String toString() {
    return type + Arrays.toString(sizes);
  }
}
