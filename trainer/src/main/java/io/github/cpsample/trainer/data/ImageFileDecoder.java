package io.github.cpsample.trainer.data;

import io.github.cpsample.image.ImageShape;
import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.awt.image.IndexColorModel;
import java.awt.image.Raster;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.ImageInputStream;
import javax.imageio.stream.MemoryCacheImageInputStream;

/**
 * Decodes an image file with whatever reader ImageIO or TwelveMonkeys has for its content. The
 * first image of the file counts; transparent parts become white.
 */
final class ImageFileDecoder {

  /** 2^27 pixels take 1.5 GiB as planes: more is taken for a fault or an attack. */
  private static final long MAX_PIXELS = 1L << 27;

  private ImageFileDecoder() {}

  static Planes decode(Path file) throws BrokenImageException {
    try (InputStream in = Files.newInputStream(file);
        ImageInputStream stream = new MemoryCacheImageInputStream(in)) {
      return planes(read(stream));
    } catch (IOException | RuntimeException e) {
      // Readers throw any runtime exception at malformed files.
      throw new BrokenImageException(file.toString(), "cannot be decoded: " + reason(e), e);
    }
  }

  private static String reason(Exception fault) {
    return fault instanceof IOException && fault.getMessage() != null
        ? fault.getMessage()
        : fault.toString();
  }

  private static BufferedImage read(ImageInputStream stream) throws IOException {
    Iterator<ImageReader> readers = ImageIO.getImageReaders(stream);
    if (!readers.hasNext()) {
      throw new IOException("its content is of no image format that can be read here");
    }
    ImageReader reader = readers.next();
    try {
      List<String> warnings = new ArrayList<>();
      reader.addIIOReadWarningListener((source, warning) -> warnings.add(warning));
      reader.setInput(stream, true, true);
      long pixels = (long) reader.getWidth(0) * reader.getHeight(0);
      if (pixels > MAX_PIXELS) {
        throw new IOException("it has " + pixels + " pixels, more than " + MAX_PIXELS);
      }
      BufferedImage image = reader.read(0);
      requireComplete(warnings);
      return image;
    } finally {
      reader.dispose();
    }
  }

  /** The JPEG reader fills up a truncated image with grey and only warns of it. */
  private static void requireComplete(List<String> warnings) throws IOException {
    for (String warning : warnings) {
      if (warning.toLowerCase(Locale.ROOT).contains("premature end")) {
        throw new IOException("it is truncated: " + warning);
      }
    }
  }

  private static Planes planes(BufferedImage image) throws IOException {
    boolean grey =
        image.getColorModel().getColorSpace().getType() == ColorSpace.TYPE_GRAY
            && !(image.getColorModel() instanceof IndexColorModel);
    return grey ? greyPlanes(image) : rgbPlanes(image);
  }

  /**
   * Grey samples as they are stored. {@code BufferedImage.getRGB} would take them for linear light
   * and brighten them, and would cut 16 bits to 8.
   */
  private static Planes greyPlanes(BufferedImage image) throws IOException {
    Raster raster = image.getRaster();
    int bits = image.getColorModel().getComponentSize(0);
    if (bits > Short.SIZE) {
      throw new IOException("its samples have " + bits + " bits; 8 and 16 can be read");
    }
    float scale = 2f / ((1 << bits) - 1);
    ImageShape shape = new ImageShape(1, image.getHeight(), image.getWidth());
    float[] values = new float[shape.size()];
    for (int y = 0; y < shape.height(); y++) {
      for (int x = 0; x < shape.width(); x++) {
        float value = raster.getSampleFloat(x, y, 0) * scale - 1;
        if (image.getColorModel().hasAlpha()) {
          value =
              overWhite(value, image.getColorModel().getAlpha(raster.getDataElements(x, y, null)));
        }
        values[y * shape.width() + x] = value;
      }
    }
    return new Planes(shape, values);
  }

  private static Planes rgbPlanes(BufferedImage image) {
    ImageShape shape = new ImageShape(3, image.getHeight(), image.getWidth());
    int size = shape.height() * shape.width();
    float[] values = new float[shape.size()];
    int[] row = new int[shape.width()];
    for (int y = 0; y < shape.height(); y++) {
      image.getRGB(0, y, row.length, 1, row, 0, row.length);
      for (int x = 0; x < row.length; x++) {
        for (int channel = 0; channel < 3; channel++) {
          float value = PixelBytes.toFloat((byte) (row[x] >> (16 - 8 * channel)));
          values[channel * size + y * row.length + x] = overWhite(value, row[x] >>> 24);
        }
      }
    }
    return new Planes(shape, values);
  }

  private static float overWhite(float value, int alpha) {
    return alpha == 255 ? value : 1 + (value - 1) * alpha / 255f;
  }
}
