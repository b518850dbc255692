package io.github.cpsample.onnx.autodiff;

import io.github.cpsample.onnx.ElementType;
import io.github.cpsample.onnx.Tensor;

/** Tensors for tests. */
final class Tensors {

  private Tensors() {}

  static Tensor of(ElementType type, double[] values, long... sizes) {
    if (type == ElementType.DOUBLE) {
      return Tensor.of(values, sizes);
    }
    float[] floats = new float[values.length];
    for (int i = 0; i < floats.length; i++) {
      floats[i] = (float) values[i];
    }
    return Tensor.of(floats, sizes);
  }

  static Tensor like(Tensor other, double[] values, long... sizes) {
    return of(other.type(), values, sizes);
  }
}
