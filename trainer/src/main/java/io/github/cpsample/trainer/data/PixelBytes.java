package io.github.cpsample.trainer.data;

/** The one mapping between stored bytes and values in {@code [-1, 1]}: {@code v = b/127.5 - 1}. */
final class PixelBytes {

  private static final float[] VALUES = new float[256];

  static {
    for (int i = 0; i < VALUES.length; i++) {
      VALUES[i] = (float) (i / 127.5 - 1);
    }
  }

  private PixelBytes() {}

  static float toFloat(byte pixel) {
    return VALUES[pixel & 0xFF];
  }

  static byte toByte(float value) {
    return (byte) Math.max(0, Math.min(255, Math.round((value + 1) * 127.5f)));
  }
}
