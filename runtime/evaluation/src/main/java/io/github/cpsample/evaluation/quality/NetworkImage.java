package io.github.cpsample.evaluation.quality;

import io.github.cpsample.base.Checks;
import io.github.cpsample.image.FloatImage;
import io.github.cpsample.image.ImageShape;
import io.github.cpsample.image.PlaneResizer;
import java.util.Optional;

/**
 * Makes of an image what an embedder's network receives: 256 levels, the network's channels, its
 * size, its range. Grey is repeated for three channels; colours become grey by the luma of Rec.
 * 601. Immutable and thread-safe.
 */
final class NetworkImage {

  private static final double LARGEST = 255;
  private static final double[] LUMA = {0.299, 0.587, 0.114};

  private final ImageShape images;
  private final ImageShape shape;
  private final Preprocessing range;
  private final Optional<PlaneResizer> resizer;

  /**
   * Prepares it.
   *
   * @param images shape of the images
   * @param shape of what the network receives
   * @param range of what it receives
   * @param resize how images are stretched
   */
  NetworkImage(ImageShape images, ImageShape shape, Preprocessing range, Resize resize) {
    this.images = images;
    this.shape = shape;
    this.range = range;
    boolean same = images.height() == shape.height() && images.width() == shape.width();
    this.resizer =
        same
            ? Optional.empty()
            : Optional.of(
                resize.resizer(images.height(), images.width(), shape.height(), shape.width()));
  }

  /**
   * What the network receives.
   *
   * @param values [C,H,W], about [-1, 1]; not modified
   * @return [C,H,W] of the network's shape, a new array
   */
  float[] of(float[] values) {
    Checks.argument(
        values.length == images.size(),
        "image",
        images.size() + " values, as many as a " + images + " has",
        values.length);
    FloatImage image = FloatImage.copyOf(images, values, 0).rounded();
    Optional<InceptionInput> inception = range.inception();
    return inception.isPresent() ? inception.get().of(image) : plain(image);
  }

  private float[] plain(FloatImage image) {
    int plane = shape.height() * shape.width();
    float[] input = new float[shape.size()];
    for (int channel = 0; channel < shape.channels(); channel++) {
      double[] levels = levels(image, channel);
      double[] resized = resizer.isPresent() ? resizer.get().resize(levels) : levels;
      for (int i = 0; i < plane; i++) {
        double level = Math.max(0, Math.min(LARGEST, resized[i]));
        input[channel * plane + i] = (float) range.scaled(level, channel);
      }
    }
    return input;
  }

  /** A channel of the network in the image's own size, from 0 to 255. */
  private double[] levels(FloatImage image, int channel) {
    double[] levels = new double[images.height() * images.width()];
    for (int i = 0; i < levels.length; i++) {
      int y = i / images.width();
      int x = i % images.width();
      if (images.channels() == shape.channels()) {
        levels[i] = level(image, channel, y, x);
      } else if (images.channels() == 1) {
        levels[i] = level(image, 0, y, x);
      } else {
        for (int colour = 0; colour < LUMA.length; colour++) {
          levels[i] += LUMA[colour] * level(image, colour, y, x);
        }
      }
    }
    return levels;
  }

  private static double level(FloatImage image, int channel, int y, int x) {
    return Math.rint((image.value(channel, y, x) + 1) * LARGEST / 2);
  }
}
