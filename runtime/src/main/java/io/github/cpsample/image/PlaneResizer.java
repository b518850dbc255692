package io.github.cpsample.image;

import io.github.cpsample.base.Checks;

/**
 * Stretches one channel of an image to another size, as the feature networks of image metrics want
 * it: nothing is cropped, clipped or rounded. Immutable and thread-safe.
 */
public final class PlaneResizer {
  private final int height;
  private final int width;
  private final int newWidth;
  private final int newHeight;
  private final Resampler across;
  private final Resampler down;

  private PlaneResizer(
      int height, int width, int newHeight, int newWidth, Resampler across, Resampler down) {
    this.height = height;
    this.width = width;
    this.newHeight = newHeight;
    this.newWidth = newWidth;
    this.across = across;
    this.down = down;
  }

  /**
   * Bicubic with a = -1/2, widened when shrinking so that nothing aliases: that of Pillow.
   *
   * @param height of the channel, positive
   * @param width of the channel, positive
   * @param newHeight afterwards, positive
   * @param newWidth afterwards, positive
   * @return the resizer
   */
  public static PlaneResizer bicubic(int height, int width, int newHeight, int newWidth) {
    requirePositive(height, width, newHeight, newWidth);
    return new PlaneResizer(
        height,
        width,
        newHeight,
        newWidth,
        new Resampler(width, newWidth),
        new Resampler(height, newHeight));
  }

  /**
   * Bilinear between pixel centres, not widened when shrinking: that of PyTorch's {@code
   * interpolate} with {@code align_corners=False} and {@code antialias=False}.
   *
   * @param height of the channel, positive
   * @param width of the channel, positive
   * @param newHeight afterwards, positive
   * @param newWidth afterwards, positive
   * @return the resizer
   */
  public static PlaneResizer bilinear(int height, int width, int newHeight, int newWidth) {
    requirePositive(height, width, newHeight, newWidth);
    return new PlaneResizer(
        height,
        width,
        newHeight,
        newWidth,
        Resampler.bilinear(width, newWidth),
        Resampler.bilinear(height, newHeight));
  }

  /**
   * Resizes a channel.
   *
   * @param plane [H,W] row-major; not modified
   * @return [newHeight,newWidth], a new array
   * @throws IllegalArgumentException if the array is not of the channel's size
   */
  public double[] resize(double[] plane) {
    Checks.argument(
        plane.length == height * width, "plane", height + " x " + width + " values", plane.length);
    double[] stretched = new double[height * newWidth];
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < newWidth; x++) {
        stretched[y * newWidth + x] = sum(across.weights(x), plane, y * width + across.first(x), 1);
      }
    }
    double[] resized = new double[newHeight * newWidth];
    for (int y = 0; y < newHeight; y++) {
      for (int x = 0; x < newWidth; x++) {
        resized[y * newWidth + x] =
            sum(down.weights(y), stretched, down.first(y) * newWidth + x, newWidth);
      }
    }
    return resized;
  }

  private static double sum(double[] weights, double[] values, int from, int stride) {
    double sum = 0;
    for (int k = 0; k < weights.length; k++) {
      sum += weights[k] * values[from + k * stride];
    }
    return sum;
  }

  private static void requirePositive(int... sizes) {
    for (int size : sizes) {
      if (size < 1) {
        throw new IllegalArgumentException("size: expected positive numbers, found " + size);
      }
    }
  }
}
