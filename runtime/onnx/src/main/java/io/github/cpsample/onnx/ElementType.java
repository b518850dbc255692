package io.github.cpsample.onnx;

import java.util.Arrays;
import java.util.Map;

/** The element types of ONNX tensors, with their codes in the file format. */
public enum ElementType {
  /** Not declared, which values inside of nested graphs need not be. */
  UNDEFINED(0, 0),
  /** 32-bit floating point. */
  FLOAT(1, 4),
  /** Unsigned 8-bit integer. */
  UINT8(2, 1),
  /** Signed 8-bit integer. */
  INT8(3, 1),
  /** Unsigned 16-bit integer. */
  UINT16(4, 2),
  /** Signed 16-bit integer. */
  INT16(5, 2),
  /** Signed 32-bit integer. */
  INT32(6, 4),
  /** Signed 64-bit integer. */
  INT64(7, 8),
  /** UTF-8 strings; of no fixed size. */
  STRING(8, 0),
  /** Booleans, a byte each. */
  BOOL(9, 1),
  /** 16-bit IEEE floating point. */
  FLOAT16(10, 2),
  /** 64-bit floating point. */
  DOUBLE(11, 8),
  /** Unsigned 32-bit integer. */
  UINT32(12, 4),
  /** Unsigned 64-bit integer. */
  UINT64(13, 8),
  /** Two 32-bit floating point numbers. */
  COMPLEX64(14, 8),
  /** Two 64-bit floating point numbers. */
  COMPLEX128(15, 16),
  /** 16-bit floating point with 8 bits of exponent. */
  BFLOAT16(16, 2);

  private static final Map<Integer, String> NOT_READ =
      Map.of(
          17, " (float8e4m3fn)",
          18, " (float8e4m3fnuz)",
          19, " (float8e5m2)",
          20, " (float8e5m2fnuz)",
          21, " (uint4)",
          22, " (int4)",
          23, " (float4e2m1)",
          24, " (float8e8m0)");

  private final int code;
  private final int bytes;

  ElementType(int code, int bytes) {
    this.code = code;
    this.bytes = bytes;
  }

  /**
   * The type's code in the file format.
   *
   * @return TensorProto.DataType
   */
  public int code() {
    return code;
  }

  /**
   * The size of one element.
   *
   * @return bytes; 0 for strings
   */
  public int bytes() {
    return bytes;
  }

  /**
   * Whether values of the type can be differentiated.
   *
   * @return true for floating point types
   */
  public boolean isFloatingPoint() {
    return this == FLOAT || this == DOUBLE || this == FLOAT16 || this == BFLOAT16;
  }

  /**
   * A type by its code.
   *
   * @param code TensorProto.DataType
   * @return the type
   * @throws MalformedModelException if ONNX has no such type, or it is one of less than 8 bits or
   *     of 8-bit floating point, which are not read
   */
  public static ElementType of(int code) {
    return Arrays.stream(values())
        .filter(type -> type.code == code && type != UNDEFINED)
        .findFirst()
        .orElseThrow(
            () ->
                new MalformedModelException(
                    "element type: expected a code from 1 to 16, found "
                        + code
                        + NOT_READ.getOrDefault(code, "")));
  }
}
