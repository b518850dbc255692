package io.github.cpsample.tools.figures;

import io.github.cpsample.image.FloatImage;
import io.github.cpsample.image.ImageShape;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.stream.IntStream;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.stream.ImageOutputStream;

/**
 * What may have happened to a copy on its way. What comes out is as a file with 8 bits per channel
 * gives it back.
 *
 * @param name in the words of the page
 * @param change makes the altered image
 */
record Alteration(String name, Change change) {

  private static final float BLACK = -1;

  /** Makes an altered image of an image of one channel. */
  interface Change {

    /**
     * Alters an image.
     *
     * @param image the image
     * @param index its number, for noise of its own
     */
    FloatImage of(FloatImage image, int index);
  }

  /** A value of the altered image. */
  private interface Pixel {
    float value(FloatImage image, int y, int x);
  }

  /** All images altered. */
  List<FloatImage> of(List<FloatImage> images) {
    return IntStream.range(0, images.size())
        .mapToObj(i -> change.of(images.get(i), i).rounded())
        .toList();
  }

  /** Those of the page, in its order. */
  static List<Alteration> all() {
    return List.of(
        noise(0.05),
        noise(0.1),
        noise(0.2),
        jpeg(75),
        jpeg(30),
        brightness(0.9),
        brightness(0.7),
        pixels("one pixel to the right", (image, y, x) -> shifted(image, y, x - 1)),
        pixels("one pixel right and down", (image, y, x) -> shifted(image, y - 1, x - 1)),
        pixels("mirrored", (image, y, x) -> image.value(0, y, image.shape().width() - 1 - x)));
  }

  private static Alteration noise(double deviation) {
    return new Alteration(
        "with noise of standard deviation " + deviation,
        (image, index) -> {
          Random random = new Random(index);
          return each(
              image,
              (from, y, x) -> (float) (from.value(0, y, x) + deviation * random.nextGaussian()));
        });
  }

  private static Alteration jpeg(int quality) {
    return new Alteration(
        "as JPEG of quality " + quality,
        (image, index) -> FloatImage.of(compressed(image.toBufferedImage(), quality / 100f), 1));
  }

  private static Alteration brightness(double factor) {
    return pixels(
        String.format(Locale.ROOT, "brightness times %.1f", factor),
        (image, y, x) -> (float) ((image.value(0, y, x) + 1) * factor - 1));
  }

  private static Alteration pixels(String name, Pixel pixel) {
    return new Alteration(name, (image, index) -> each(image, pixel));
  }

  private static FloatImage each(FloatImage image, Pixel pixel) {
    ImageShape shape = image.shape();
    float[] values = new float[shape.size()];
    for (int y = 0; y < shape.height(); y++) {
      for (int x = 0; x < shape.width(); x++) {
        values[y * shape.width() + x] = pixel.value(image, y, x);
      }
    }
    return FloatImage.copyOf(shape, values, 0);
  }

  private static float shifted(FloatImage image, int y, int x) {
    return y < 0 || x < 0 ? BLACK : image.value(0, y, x);
  }

  private static BufferedImage compressed(BufferedImage image, float quality) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    ImageWriter writer = ImageIO.getImageWritersByFormatName("jpeg").next();
    try (ImageOutputStream out = ImageIO.createImageOutputStream(bytes)) {
      ImageWriteParam settings = writer.getDefaultWriteParam();
      settings.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
      settings.setCompressionQuality(quality);
      writer.setOutput(out);
      writer.write(null, new IIOImage(image, null, null), settings);
      out.flush();
      return ImageIO.read(new ByteArrayInputStream(bytes.toByteArray()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      writer.dispose();
    }
  }
}
