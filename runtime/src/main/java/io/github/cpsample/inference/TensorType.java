package io.github.cpsample.inference;

import ai.onnxruntime.OnnxJavaType;
import io.github.cpsample.onnx.ElementType;

/** Element types of the tensors that go in and out of a session. */
public enum TensorType {
  /** 32-bit floating point. */
  FLOAT(4),
  /** 16-bit floating point. */
  FLOAT16(2),
  /** 64-bit floating point. */
  DOUBLE(8),
  /** 32-bit integer. */
  INT32(4),
  /** 64-bit integer. */
  INT64(8),
  /** A type that sessions cannot be fed with here. */
  OTHER(0);

  private final int bytes;

  TensorType(int bytes) {
    this.bytes = bytes;
  }

  /** The size of one element. */
  int bytes() {
    return bytes;
  }

  /**
   * Whether it is an integer type.
   *
   * @return true if fractions are lost
   */
  public boolean isInteger() {
    return this == INT32 || this == INT64;
  }

  /**
   * The type of the tensors of an element type.
   *
   * @param type as models declare it
   * @return the type, {@link #OTHER} for one that sessions cannot be fed with here
   */
  public static TensorType of(ElementType type) {
    return switch (type) {
      case FLOAT -> FLOAT;
      case FLOAT16 -> FLOAT16;
      case DOUBLE -> DOUBLE;
      case INT32 -> INT32;
      case INT64 -> INT64;
      default -> OTHER;
    };
  }

  static TensorType of(OnnxJavaType type) {
    return switch (type) {
      case FLOAT -> FLOAT;
      case FLOAT16 -> FLOAT16;
      case DOUBLE -> DOUBLE;
      case INT32 -> INT32;
      case INT64 -> INT64;
      default -> OTHER;
    };
  }
}
