package io.github.cpsample.image;

import java.awt.image.BufferedImage;
import java.awt.image.WritableRaster;

/**
 * One image as values in about [-1, 1] (-1 black, 1 white), layout [C,H,W], sRGB. Immutable and
 * thread-safe; values outside the range are kept as they are and clipped only by {@link
 * #toBufferedImage()}.
 */
public final class FloatImage {
  private static final float HALF_RANGE = 127.5f;
  private static final int MAXIMUM = 255;

  private final ImageShape shape;
  private final float[] values;

  private FloatImage(ImageShape shape, float[] values) {
    this.shape = shape;
    this.values = values;
  }

  /**
   * Copies an image out of an array of images.
   *
   * @param shape the image's shape
   * @param source the array, not modified
   * @param offset where the image starts
   * @return the image
   * @throws IllegalArgumentException if the array ends before the image does
   */
  public static FloatImage copyOf(ImageShape shape, float[] source, int offset) {
    if (offset < 0 || source.length - offset < shape.size()) {
      throw new IllegalArgumentException(
          "image "
              + shape
              + " at offset "
              + offset
              + ": expected "
              + shape.size()
              + " values, found "
              + (source.length - offset));
    }
    float[] values = new float[shape.size()];
    System.arraycopy(source, offset, values, 0, values.length);
    return new FloatImage(shape, values);
  }

  /**
   * Converts an image to values without changing its size. Alpha is composited over white, colour
   * becomes grey by the Rec. 601 luma where one channel is asked for.
   *
   * @param image any BufferedImage, not modified
   * @param channels 1 or 3
   * @return the image
   */
  public static FloatImage of(BufferedImage image, int channels) {
    ImageShape shape = new ImageShape(channels, image.getHeight(), image.getWidth());
    return new FloatImage(shape, ImageDecoder.fit(image, shape));
  }

  /**
   * The shape.
   *
   * @return the shape
   */
  public ImageShape shape() {
    return shape;
  }

  /**
   * The values.
   *
   * @return a new array, layout [C,H,W]
   */
  public float[] values() {
    return values.clone();
  }

  /**
   * One value.
   *
   * @param channel from 0
   * @param y row from the top, from 0
   * @param x column from the left, from 0
   * @return the value
   */
  public float value(int channel, int y, int x) {
    return values[(channel * shape.height() + y) * shape.width() + x];
  }

  /**
   * Copies the values into an array.
   *
   * @param target written from {@code offset}
   * @param offset where to start
   */
  public void copyTo(float[] target, int offset) {
    System.arraycopy(values, 0, target, offset, values.length);
  }

  /**
   * The image as a file with 8 bits per channel gives it back: clipped to [-1, 1], in 256 levels.
   *
   * @return a new image
   */
  public FloatImage rounded() {
    return of(toBufferedImage(), shape.channels());
  }

  /**
   * The image with 8 bits per channel: value v becomes {@code round((v + 1) * 127.5)}, clipped to
   * 0..255.
   *
   * @return a new image, {@link BufferedImage#TYPE_BYTE_GRAY} or {@link BufferedImage#TYPE_INT_RGB}
   * @throws IllegalArgumentException if these are latents
   */
  public BufferedImage toBufferedImage() {
    shape.requirePicture();
    int type = shape.channels() == 1 ? BufferedImage.TYPE_BYTE_GRAY : BufferedImage.TYPE_INT_RGB;
    BufferedImage image = new BufferedImage(shape.width(), shape.height(), type);
    WritableRaster raster = image.getRaster();
    int[] plane = new int[shape.height() * shape.width()];
    for (int channel = 0; channel < shape.channels(); channel++) {
      for (int i = 0; i < plane.length; i++) {
        int level = Math.round((values[channel * plane.length + i] + 1) * HALF_RANGE);
        plane[i] = Math.max(0, Math.min(MAXIMUM, level));
      }
      raster.setSamples(0, 0, shape.width(), shape.height(), channel, plane);
    }
    return image;
  }
}
