package io.github.cpsample.evaluation.quality;

import io.github.cpsample.base.Checks;
import io.github.cpsample.image.FloatImage;
import io.github.cpsample.image.ImageShape;
import io.github.cpsample.image.PlaneResizer;

/**
 * How the common tools hand images to the Inception network whose 2048 pooled features FID and KID
 * are made of: as files with 8 bits per channel, in three channels, stretched to 299 x 299. Their
 * numbers differ by how they stretch, and must not be compared with each other.
 */
public enum InceptionInput {
  /**
   * As pytorch-fid, and clean-fid's mode {@code legacy_pytorch}: bilinear without antialiasing,
   * then {@code 2 v / 255 - 1}.
   */
  PYTORCH_FID {
    @Override
    PlaneResizer resizer(int height, int width) {
      return PlaneResizer.bilinear(height, width, SIZE, SIZE);
    }

    @Override
    double scaled(double value) {
      return 2 * value / LARGEST - 1;
    }
  },

  /**
   * As clean-fid (Parmar et al. 2022): bicubic with antialiasing, clipped to 0..255 and not
   * rounded, then {@code (v - 128) / 128}.
   */
  CLEAN_FID {
    @Override
    PlaneResizer resizer(int height, int width) {
      return PlaneResizer.bicubic(height, width, SIZE, SIZE);
    }

    @Override
    double scaled(double value) {
      return (Math.max(0, Math.min(LARGEST, value)) - MIDDLE) / MIDDLE;
    }
  };

  /** The shape of what the network receives. */
  public static final ImageShape SHAPE = new ImageShape(3, 299, 299);

  private static final int SIZE = SHAPE.height();
  private static final double LARGEST = 255;
  private static final double MIDDLE = 128;

  /**
   * What the network receives for an image. Values are rounded to 256 levels first, since the tools
   * read files; a grey channel becomes three.
   *
   * @param image values in [-1, 1], of one or three channels
   * @return [3,299,299], a new array
   * @throws IllegalArgumentException if the image has another number of channels
   */
  public float[] of(FloatImage image) {
    ImageShape shape = image.shape();
    Checks.argument(
        shape.channels() == 1 || shape.channels() == SHAPE.channels(),
        "image",
        "1 or 3 channels",
        shape.channels());
    PlaneResizer resizer = resizer(shape.height(), shape.width());
    FloatImage rounded = image.rounded();
    int plane = SIZE * SIZE;
    float[] input = new float[SHAPE.size()];
    for (int channel = 0; channel < shape.channels(); channel++) {
      double[] resized = resizer.resize(levels(rounded, channel));
      for (int i = 0; i < plane; i++) {
        input[channel * plane + i] = (float) scaled(resized[i]);
      }
    }
    for (int channel = shape.channels(); channel < SHAPE.channels(); channel++) {
      System.arraycopy(input, 0, input, channel * plane, plane);
    }
    return input;
  }

  abstract PlaneResizer resizer(int height, int width);

  /** From 0..255 to what the network was trained on. */
  abstract double scaled(double value);

  private static double[] levels(FloatImage rounded, int channel) {
    int width = rounded.shape().width();
    double[] levels = new double[rounded.shape().height() * width];
    for (int i = 0; i < levels.length; i++) {
      levels[i] = Math.rint((rounded.value(channel, i / width, i % width) + 1) * LARGEST / 2);
    }
    return levels;
  }
}
