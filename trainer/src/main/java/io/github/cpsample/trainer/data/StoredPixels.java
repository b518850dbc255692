package io.github.cpsample.trainer.data;

import io.github.cpsample.image.ImageShape;
import java.util.Objects;

/** Turns pixels stored as bytes, plane after plane, into values of the wanted shape. */
final class StoredPixels {

  private StoredPixels() {}

  static void write(
      byte[] stored,
      int from,
      ImageShape storedShape,
      ImageShape shape,
      float[] target,
      int offset) {
    Objects.checkFromIndexSize(offset, shape.size(), target.length);
    if (!storedShape.equals(shape)) {
      throw new IllegalArgumentException("expected images of " + shape + ", found " + storedShape);
    }
    for (int i = 0; i < shape.size(); i++) {
      target[offset + i] = PixelBytes.toFloat(stored[from + i]);
    }
  }
}
