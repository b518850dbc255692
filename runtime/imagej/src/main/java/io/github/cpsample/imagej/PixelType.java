package io.github.cpsample.imagej;

import ij.ImagePlus;
import ij.process.ByteProcessor;
import ij.process.ColorProcessor;
import ij.process.ImageProcessor;
import ij.process.ShortProcessor;
import io.github.cpsample.image.FloatImage;
import io.github.cpsample.image.ImageDecoder;
import io.github.cpsample.image.ImageShape;
import java.awt.image.BufferedImage;

/**
 * The kinds of pixels that ImageJ and models have in common. Grey pixels count from 0 to the
 * largest number of their kind, as in the files that models are trained on: display range and
 * lookup table do not count, but under an inverting table 0 is white.
 */
enum PixelType {
  GREY_8(255) {
    @Override
    BufferedImage picture(ImageProcessor slice) {
      byte[] pixels = (byte[]) slice.getPixels();
      int[] levels = new int[pixels.length];
      for (int i = 0; i < levels.length; i++) {
        levels[i] = Byte.toUnsignedInt(pixels[i]);
      }
      return grey(slice, levels, BufferedImage.TYPE_BYTE_GRAY);
    }

    @Override
    ImageProcessor processor(FloatImage image) {
      ByteProcessor processor = new ByteProcessor(image.shape().width(), image.shape().height());
      setLevels(image, processor);
      return processor;
    }
  },

  GREY_16(65_535) {
    @Override
    BufferedImage picture(ImageProcessor slice) {
      short[] pixels = (short[]) slice.getPixels();
      int[] levels = new int[pixels.length];
      for (int i = 0; i < levels.length; i++) {
        levels[i] = Short.toUnsignedInt(pixels[i]);
      }
      return grey(slice, levels, BufferedImage.TYPE_USHORT_GRAY);
    }

    @Override
    ImageProcessor processor(FloatImage image) {
      ShortProcessor processor = new ShortProcessor(image.shape().width(), image.shape().height());
      setLevels(image, processor);
      processor.setMinAndMax(0, most);
      return processor;
    }
  },

  RGB(255) {
    @Override
    BufferedImage picture(ImageProcessor slice) {
      return slice.convertToColorProcessor().getBufferedImage();
    }

    @Override
    ImageProcessor processor(FloatImage image) {
      return new ColorProcessor(image.toBufferedImage());
    }
  };

  final int most;

  PixelType(int most) {
    this.most = most;
  }

  /**
   * The kind of an image's pixels.
   *
   * @throws IllegalArgumentException if no model has them
   */
  static PixelType of(ImagePlus image) {
    return switch (image.getType()) {
      case ImagePlus.GRAY8 -> GREY_8;
      case ImagePlus.GRAY16 -> GREY_16;
      case ImagePlus.COLOR_256, ImagePlus.COLOR_RGB -> RGB;
      default ->
          throw new IllegalArgumentException(
              image.getTitle()
                  + ": expected 8-bit, 16-bit or RGB pixels, found "
                  + image.getBitDepth()
                  + "-bit; choose one of them with Image > Type");
    };
  }

  /** The kind of what a model makes of such pixels. */
  PixelType of(ImageShape model) {
    if (model.channels() > 1) {
      return RGB;
    }
    return this == RGB ? GREY_8 : this;
  }

  /** A slice brought to a model's shape. */
  FloatImage read(ImageProcessor slice, ImageShape shape) {
    return FloatImage.copyOf(shape, ImageDecoder.fit(picture(slice), shape), 0);
  }

  /** A slice as a picture of Java, without its display range. */
  abstract BufferedImage picture(ImageProcessor slice);

  /** An image as a slice; it has one channel, or three for RGB. */
  abstract ImageProcessor processor(FloatImage image);

  final BufferedImage grey(ImageProcessor slice, int[] levels, int type) {
    if (slice.isInvertedLut()) {
      for (int i = 0; i < levels.length; i++) {
        levels[i] = most - levels[i];
      }
    }
    BufferedImage picture = new BufferedImage(slice.getWidth(), slice.getHeight(), type);
    picture.getRaster().setSamples(0, 0, slice.getWidth(), slice.getHeight(), 0, levels);
    return picture;
  }

  final void setLevels(FloatImage image, ImageProcessor target) {
    float[] values = image.values();
    for (int i = 0; i < values.length; i++) {
      target.set(i, (int) Math.max(0, Math.min(most, Math.round((values[i] + 1) / 2.0 * most))));
    }
  }
}
