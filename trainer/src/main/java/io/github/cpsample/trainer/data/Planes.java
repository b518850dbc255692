package io.github.cpsample.trainer.data;

import io.github.cpsample.image.ImageShape;

/**
 * An image of any size as planes of values in {@code [-1, 1]}, layout {@code [C, H, W]}. The array
 * is not copied.
 */
final class Planes {

  private final ImageShape shape;
  private final float[] values;

  Planes(ImageShape shape, float[] values) {
    this.shape = shape;
    this.values = values;
  }

  /** Planes stored as bytes. */
  static Planes ofBytes(ImageShape shape, byte[] bytes, int from) {
    float[] values = new float[shape.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = PixelBytes.toFloat(bytes[from + i]);
    }
    return new Planes(shape, values);
  }

  ImageShape shape() {
    return shape;
  }

  void copyTo(float[] target, int offset) {
    System.arraycopy(values, 0, target, offset, values.length);
  }

  /** A plane of this image, or of what it looks like in grey or RGB. */
  float[] plane(int channel, int ofChannels) {
    if (ofChannels == shape.channels()) {
      return planeAt(channel);
    }
    return shape.channels() == 1 ? planeAt(0) : luma();
  }

  private float[] planeAt(int channel) {
    int size = shape.height() * shape.width();
    float[] plane = new float[size];
    System.arraycopy(values, channel * size, plane, 0, size);
    return plane;
  }

  /** ITU-R BT.601, as JPEG and PIL have it. */
  private float[] luma() {
    int size = shape.height() * shape.width();
    float[] luma = new float[size];
    for (int i = 0; i < size; i++) {
      luma[i] = 0.299f * values[i] + 0.587f * values[size + i] + 0.114f * values[2 * size + i];
    }
    return luma;
  }
}
