package io.github.cpsample.trainer.training;

import io.github.cpsample.image.ImageShape;
import java.util.random.RandomGenerator;

/**
 * Small changes of an image that leave it recognisable: what copies look like that are slightly
 * off. Each happens with a probability of its own. Values stay within [-1, 1], or, for latents,
 * within those of the image.
 */
final class Variation {

  private static final double CONTRAST = 0.2;
  private static final float[] BINOMIAL = {0.25f, 0.5f, 0.25f};

  private final ImageShape shape;
  private final double probability;

  Variation(ImageShape shape, double probability) {
    this.shape = shape;
    this.probability = probability;
  }

  /** Blurs, changes the contrast, shifts, or does some of these or nothing. */
  void apply(float[] images, int offset, RandomGenerator random) {
    if (random.nextDouble() < probability) {
      blur(images, offset, random.nextFloat());
    }
    if (random.nextDouble() < probability) {
      contrast(images, offset, 1 + (float) (CONTRAST * (2 * random.nextDouble() - 1)));
    }
    if (random.nextDouble() < probability) {
      int direction = random.nextInt(8);
      int place = direction < 4 ? direction : direction + 1;
      shift(images, offset, place / 3 - 1, place % 3 - 1);
    }
  }

  /** Mixes an image with its blurred self: a 3x3 binomial kernel, edges repeated. */
  void blur(float[] images, int offset, float strength) {
    float[] from = new float[shape.size()];
    System.arraycopy(images, offset, from, 0, from.length);
    forEachPixel(
        (base, y, x) -> {
          float sum = 0;
          for (int dy = -1; dy <= 1; dy++) {
            for (int dx = -1; dx <= 1; dx++) {
              sum += BINOMIAL[dy + 1] * BINOMIAL[dx + 1] * from[base + at(y + dy, x + dx)];
            }
          }
          float own = from[base + at(y, x)];
          images[offset + base + at(y, x)] = own + strength * (sum - own);
        });
  }

  /** Scales the differences from the image's mean and clips. */
  void contrast(float[] images, int offset, float factor) {
    int end = offset + shape.size();
    double sum = 0;
    float limit = 1;
    for (int i = offset; i < end; i++) {
      sum += images[i];
      limit = Math.max(limit, Math.abs(images[i]));
    }
    float mean = (float) (sum / shape.size());
    for (int i = offset; i < end; i++) {
      images[i] = Math.max(-limit, Math.min(limit, mean + factor * (images[i] - mean)));
    }
  }

  /** Moves an image by whole pixels; what comes in is the edge. */
  void shift(float[] images, int offset, int down, int right) {
    float[] from = new float[shape.size()];
    System.arraycopy(images, offset, from, 0, from.length);
    shape.move(from, 0, down, right, images, offset);
  }

  private int at(int y, int x) {
    int row = Math.max(0, Math.min(shape.height() - 1, y));
    int column = Math.max(0, Math.min(shape.width() - 1, x));
    return row * shape.width() + column;
  }

  private interface Pixel {
    void visit(int channelBase, int y, int x);
  }

  private void forEachPixel(Pixel pixel) {
    for (int channel = 0; channel < shape.channels(); channel++) {
      int base = channel * shape.height() * shape.width();
      for (int y = 0; y < shape.height(); y++) {
        for (int x = 0; x < shape.width(); x++) {
          pixel.visit(base, y, x);
        }
      }
    }
  }
}
