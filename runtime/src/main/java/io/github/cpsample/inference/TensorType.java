package io.github.cpsample.inference;

import ai.onnxruntime.OnnxJavaType;

/** Element types of the tensors that go in and out of a session. */
public enum TensorType {
  /** 32-bit floating point. */
  FLOAT,
  /** 64-bit floating point. */
  DOUBLE,
  /** 64-bit integer. */
  INT64,
  /** A type that sessions cannot be fed with here. */
  OTHER;

  static TensorType of(OnnxJavaType type) {
    return switch (type) {
      case FLOAT -> FLOAT;
      case DOUBLE -> DOUBLE;
      case INT64 -> INT64;
      default -> OTHER;
    };
  }
}
