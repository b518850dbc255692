package io.github.cpsample.image;

import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.awt.image.ColorConvertOp;
import java.awt.image.ColorModel;
import java.awt.image.DataBuffer;
import java.awt.image.IndexColorModel;
import java.awt.image.Raster;

/**
 * Reads rows of any BufferedImage as grey or RGB values in [0, 1]. Grey samples are taken as they
 * are stored: Java's own conversion treats grey as linear light and brightens it. Other colour
 * spaces than sRGB are converted first. Alpha is composited over white.
 */
final class PixelRows {
  private static final double RED = 0.299;
  private static final double GREEN = 0.587;
  private static final double BLUE = 0.114;
  private static final int BYTE_MASK = 0xFF;

  private final BufferedImage image;
  private final Raster raster;
  private final ColorModel colors;
  private final boolean grey;
  private final double[] scale;
  private double[] samples = new double[0];
  private int[] packed = new int[0];

  PixelRows(BufferedImage source) {
    this.image = inKnownColors(source);
    this.raster = image.getRaster();
    this.colors = image.getColorModel();
    this.grey = colors.getColorSpace().getType() == ColorSpace.TYPE_GRAY;
    this.scale = new double[colors.getNumComponents()];
    boolean floating =
        raster.getTransferType() == DataBuffer.TYPE_FLOAT
            || raster.getTransferType() == DataBuffer.TYPE_DOUBLE;
    for (int i = 0; i < scale.length; i++) {
      scale[i] = floating ? 1 : 1 / (Math.pow(2, colors.getComponentSize(i)) - 1);
    }
  }

  int width() {
    return image.getWidth();
  }

  int height() {
    return image.getHeight();
  }

  /**
   * Reads {@code count} pixels of row {@code y} from column {@code x} into one array per channel (1
   * or 3 arrays).
   */
  void read(int x, int y, int count, double[][] target) {
    if (colors instanceof IndexColorModel) {
      readPalette(x, y, count, target);
      return;
    }
    int bands = raster.getNumBands();
    if (samples.length < count * bands) {
      samples = new double[count * bands];
    }
    raster.getPixels(raster.getMinX() + x, raster.getMinY() + y, count, 1, samples);
    for (int i = 0; i < count; i++) {
      int at = i * bands;
      double alpha = colors.hasAlpha() ? samples[at + bands - 1] * scale[bands - 1] : 1;
      double first = over(samples[at] * scale[0], alpha);
      if (grey) {
        store(target, i, first, first, first);
      } else {
        store(
            target,
            i,
            first,
            over(samples[at + 1] * scale[1], alpha),
            over(samples[at + 2] * scale[2], alpha));
      }
    }
  }

  private void readPalette(int x, int y, int count, double[][] target) {
    if (packed.length < count) {
      packed = new int[count];
    }
    image.getRGB(x, y, count, 1, packed, 0, count);
    for (int i = 0; i < count; i++) {
      int argb = packed[i];
      double alpha = (argb >>> 24) / 255.0;
      store(
          target,
          i,
          overStraight((argb >> 16 & BYTE_MASK) / 255.0, alpha),
          overStraight((argb >> 8 & BYTE_MASK) / 255.0, alpha),
          overStraight((argb & BYTE_MASK) / 255.0, alpha));
    }
  }

  private double over(double value, double alpha) {
    return colors.isAlphaPremultiplied() ? value + (1 - alpha) : overStraight(value, alpha);
  }

  private static double overStraight(double value, double alpha) {
    return value * alpha + (1 - alpha);
  }

  private static void store(double[][] target, int i, double red, double green, double blue) {
    if (target.length == 1) {
      target[0][i] = red == green && green == blue ? red : RED * red + GREEN * green + BLUE * blue;
    } else {
      target[0][i] = red;
      target[1][i] = green;
      target[2][i] = blue;
    }
  }

  private static BufferedImage inKnownColors(BufferedImage source) {
    ColorSpace space = source.getColorModel().getColorSpace();
    if (space.isCS_sRGB() || space.getType() == ColorSpace.TYPE_GRAY) {
      return source;
    }
    int type =
        source.getColorModel().hasAlpha()
            ? BufferedImage.TYPE_4BYTE_ABGR
            : BufferedImage.TYPE_3BYTE_BGR;
    BufferedImage converted = new BufferedImage(source.getWidth(), source.getHeight(), type);
    return new ColorConvertOp(null).filter(source, converted);
  }
}
