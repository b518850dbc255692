package io.github.cpsample.plugin;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import javax.imageio.ImageIO;
import javax.imageio.stream.MemoryCacheImageOutputStream;

/** One generated image and its report. Immutable and thread-safe; holds no native memory. */
public interface GeneratedImage {
  /**
   * Number of channels.
   *
   * @return 1 for grey, 3 for red, green, blue
   */
  int channels();

  /**
   * Height in pixels.
   *
   * @return at least 1
   */
  int height();

  /**
   * Width in pixels.
   *
   * @return at least 1
   */
  int width();

  /**
   * The values as the model made them.
   *
   * @return a new array, shape [C,H,W] row by row, values about [-1, 1] (-1 black, 1 white; not
   *     clipped), sRGB
   */
  float[] values();

  /**
   * The image for display and storage.
   *
   * @return a new image with 8 bits per channel, values clipped to [-1, 1]: {@link
   *     BufferedImage#TYPE_BYTE_GRAY} for one channel, {@link BufferedImage#TYPE_INT_RGB} for three
   */
  BufferedImage toBufferedImage();

  /**
   * The image as a PNG file, made in memory.
   *
   * @return the bytes of the file
   */
  default byte[] toPng() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (MemoryCacheImageOutputStream stream = new MemoryCacheImageOutputStream(bytes)) {
      ImageIO.write(toBufferedImage(), "png", stream);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  /**
   * What the protection did to this image.
   *
   * @return the report
   */
  ProtectionReport report();
}
