package io.github.cpsample.trainer.data;

import io.github.cpsample.image.ImageDecoder;
import io.github.cpsample.image.ImageShape;
import java.awt.image.BufferedImage;
import java.util.Objects;

/** Turns pixels stored as bytes, plane after plane, into values of the wanted shape. */
final class StoredPixels {

  private StoredPixels() {}

  static void write(
      byte[] bytes, int from, ImageShape stored, ImageShape shape, float[] target, int offset) {
    Objects.checkFromIndexSize(offset, shape.size(), target.length);
    if (stored.equals(shape)) {
      for (int i = 0; i < shape.size(); i++) {
        target[offset + i] = PixelBytes.toFloat(bytes[from + i]);
      }
    } else {
      float[] fitted = ImageDecoder.fit(image(bytes, from, stored), shape);
      System.arraycopy(fitted, 0, target, offset, fitted.length);
    }
  }

  private static BufferedImage image(byte[] bytes, int from, ImageShape stored) {
    boolean grey = stored.channels() == 1;
    int type = grey ? BufferedImage.TYPE_BYTE_GRAY : BufferedImage.TYPE_INT_RGB;
    BufferedImage image = new BufferedImage(stored.width(), stored.height(), type);
    int plane = stored.height() * stored.width();
    for (int channel = 0; channel < stored.channels(); channel++) {
      for (int i = 0; i < plane; i++) {
        int sample = bytes[from + channel * plane + i] & 0xFF;
        image.getRaster().setSample(i % stored.width(), i / stored.width(), channel, sample);
      }
    }
    return image;
  }
}
