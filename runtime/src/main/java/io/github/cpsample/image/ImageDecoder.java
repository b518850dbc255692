package io.github.cpsample.image;

import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import javax.imageio.IIOException;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.ImageInputStream;
import javax.imageio.stream.MemoryCacheImageInputStream;

/**
 * Decodes image files of any format that ImageIO can read (with TwelveMonkeys also CMYK JPEG, TIFF
 * and WebP) to values in [-1, 1] of a wanted shape: turned upright by its orientation tag, the
 * centre cropped to the wanted aspect ratio, resized with an antialiased bicubic filter. Alpha is
 * composited over white; 16-bit samples keep their precision; grey samples are taken as sRGB-coded,
 * colour becomes grey by the Rec. 601 luma. Thread-safe.
 */
public final class ImageDecoder {
  private static final long MAXIMUM_PIXELS = 1L << 28;

  private ImageDecoder() {}

  /**
   * Decodes a file.
   *
   * @param file an image file
   * @param shape the wanted shape
   * @return a new array of values in [-1, 1], layout [C,H,W]
   * @throws IOException naming the file and the reason, if it is missing, no image, damaged,
   *     truncated or larger than 2^28 pixels
   */
  public static float[] read(Path file, ImageShape shape) throws IOException {
    try (ImageInputStream input = ImageIO.createImageInputStream(file.toFile())) {
      if (input == null) {
        throw new IOException(file + ": expected an image file, found none that can be opened");
      }
      return read(input, file.toString(), shape, MAXIMUM_PIXELS);
    }
  }

  /**
   * Decodes an image that is in memory.
   *
   * @param name what errors call it
   * @param file an image file, not modified
   * @param shape the wanted shape
   * @param mostPixels the most pixels that are decoded; what the file declares is compared with it
   *     before memory is taken for them
   * @return a new array of values in [-1, 1], layout [C,H,W]
   * @throws IOException with the name and the reason, if it is no image, damaged, truncated or too
   *     large
   */
  public static float[] read(String name, byte[] file, ImageShape shape, long mostPixels)
      throws IOException {
    try (ImageInputStream input = new MemoryCacheImageInputStream(new ByteArrayInputStream(file))) {
      return read(input, name, shape, Math.min(mostPixels, MAXIMUM_PIXELS));
    }
  }

  /**
   * Decodes an image that is in memory as it is stored: in its own size and not turned, with its
   * alpha channel.
   *
   * @param name what errors call it
   * @param file an image file, not modified
   * @param mostPixels the most pixels that are decoded
   * @return the image
   * @throws IOException as the other methods do
   */
  public static BufferedImage stored(String name, byte[] file, long mostPixels) throws IOException {
    try (ImageInputStream input = new MemoryCacheImageInputStream(new ByteArrayInputStream(file))) {
      return decode(input, name, Math.min(mostPixels, MAXIMUM_PIXELS), image -> image);
    }
  }

  /**
   * Fits an image to a shape, as {@link #read} does, without turning it.
   *
   * @param image any image, not modified
   * @param shape the wanted shape
   * @return a new array of values in [-1, 1], layout [C,H,W]
   */
  public static float[] fit(BufferedImage image, ImageShape shape) {
    shape.requirePicture();
    PixelRows rows = new PixelRows(image);
    int cropWidth = Math.min(rows.width(), ratio(rows.height(), shape.width(), shape.height()));
    int cropHeight = Math.min(rows.height(), ratio(rows.width(), shape.height(), shape.width()));
    int left = (rows.width() - cropWidth) / 2;
    int top = (rows.height() - cropHeight) / 2;
    Resampler across = new Resampler(cropWidth, shape.width());
    Resampler down = new Resampler(cropHeight, shape.height());
    double[][] source = new double[shape.channels()][cropWidth];
    double[][] narrow = new double[shape.channels()][cropHeight * shape.width()];
    for (int y = 0; y < cropHeight; y++) {
      rows.read(left, top + y, cropWidth, source);
      for (int c = 0; c < shape.channels(); c++) {
        shrinkRow(source[c], across, narrow[c], y * shape.width(), shape.width());
      }
    }
    return shrinkColumns(narrow, down, shape);
  }

  private static float[] read(
      ImageInputStream input, String name, ImageShape shape, long mostPixels) throws IOException {
    Orientation orientation = Orientation.read(input);
    input.seek(0);
    return decode(
        input,
        name,
        mostPixels,
        image -> orientation.apply(fit(image, orientation.stored(shape)), shape));
  }

  private static <T> T decode(
      ImageInputStream input, String name, long mostPixels, Function<BufferedImage, T> use)
      throws IOException {
    Iterator<ImageReader> readers = ImageIO.getImageReaders(input);
    if (!readers.hasNext()) {
      throw new IOException(
          name
              + ": expected an image in one of the formats "
              + String.join(", ", new java.util.TreeSet<>(List.of(ImageIO.getReaderFileSuffixes())))
              + ", found something else");
    }
    ImageReader reader = readers.next();
    try {
      reader.setInput(input, false, false);
      return use.apply(read(reader, name, mostPixels));
    } catch (IIOException e) {
      throw new IOException(name + ": damaged image: " + e.getMessage(), e);
    } catch (RuntimeException e) {
      // Readers answer some damaged files with unchecked exceptions of all kinds.
      throw new IOException(name + ": damaged image: " + e, e);
    } finally {
      reader.dispose();
    }
  }

  private static BufferedImage read(ImageReader reader, String name, long mostPixels)
      throws IOException {
    long pixels = (long) reader.getWidth(0) * reader.getHeight(0);
    if (pixels > mostPixels) {
      throw new IOException(name + ": expected at most " + mostPixels + " pixels, found " + pixels);
    }
    List<String> warnings = new ArrayList<>();
    reader.addIIOReadWarningListener((source, warning) -> warnings.add(warning));
    BufferedImage image = reader.read(0);
    for (String warning : warnings) {
      String text = warning.toLowerCase(Locale.ROOT);
      if (text.contains("premature end") || text.contains("truncated")) {
        throw new IOException(name + ": truncated image: " + warning);
      }
    }
    return image;
  }

  /**
   * The length that stands to {@code length} as {@code numerator} to {@code denominator}, at least
   * 1.
   */
  private static int ratio(int length, int numerator, int denominator) {
    return (int)
        Math.max(
            1, Math.min(Integer.MAX_VALUE, Math.round((double) length * numerator / denominator)));
  }

  private static void shrinkRow(
      double[] row, Resampler across, double[] target, int offset, int width) {
    for (int x = 0; x < width; x++) {
      double[] weights = across.weights(x);
      int first = across.first(x);
      double sum = 0;
      for (int k = 0; k < weights.length; k++) {
        sum += weights[k] * row[first + k];
      }
      target[offset + x] = sum;
    }
  }

  private static float[] shrinkColumns(double[][] narrow, Resampler down, ImageShape shape) {
    float[] result = new float[shape.size()];
    int at = 0;
    for (double[] plane : narrow) {
      for (int y = 0; y < shape.height(); y++) {
        double[] weights = down.weights(y);
        int first = down.first(y);
        for (int x = 0; x < shape.width(); x++) {
          double sum = 0;
          for (int k = 0; k < weights.length; k++) {
            sum += weights[k] * plane[(first + k) * shape.width() + x];
          }
          result[at++] = (float) (2 * Math.max(0, Math.min(1, sum)) - 1);
        }
      }
    }
    return result;
  }
}
