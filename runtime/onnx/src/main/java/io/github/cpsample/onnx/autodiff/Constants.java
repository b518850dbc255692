package io.github.cpsample.onnx.autodiff;

import io.github.cpsample.onnx.ElementType;
import io.github.cpsample.onnx.Tensor;

/** Arithmetic with floating point constants while a graph is built. */
final class Constants {

  private Constants() {}

  /** Whether a constant's values can be read and written here. */
  static boolean isReal(Tensor tensor) {
    return tensor.type() == ElementType.FLOAT || tensor.type() == ElementType.DOUBLE;
  }

  /** A constant of the element type of another. */
  static Tensor like(Tensor other, double[] values, long... sizes) {
    return other.type() == ElementType.DOUBLE
        ? Tensor.of(values, sizes)
        : Tensor.of(floats(values), sizes);
  }

  static float[] floats(double... values) {
    float[] result = new float[values.length];
    for (int i = 0; i < values.length; i++) {
      result[i] = (float) values[i];
    }
    return result;
  }
}
