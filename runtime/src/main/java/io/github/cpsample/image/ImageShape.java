package io.github.cpsample.image;

import io.github.cpsample.base.Checks;

/**
 * The shape of one image, layout {@code [C, H, W]}.
 *
 * @param channels 1 for grey, 3 for RGB; others for latents, which are no pictures
 * @param height rows, at least 1
 * @param width columns, at least 1
 */
public record ImageShape(int channels, int height, int width) {

  public ImageShape {
    Checks.atLeast("channels", channels, 1);
    Checks.argument(
        height >= 1 && width >= 1, "image size", "at least 1 x 1 pixels", height + " x " + width);
    Math.multiplyExact(Math.multiplyExact(channels, height), width);
  }

  /**
   * Refuses what cannot be shown.
   *
   * @throws IllegalArgumentException unless there are 1 or 3 channels
   */
  public void requirePicture() {
    Checks.argument(channels == 1 || channels == 3, "channels", "1 (grey) or 3 (RGB)", channels);
  }

  /**
   * The number of values.
   *
   * @return {@code C*H*W}
   */
  public int size() {
    return channels * height * width;
  }

  /**
   * Moves an image of this shape by whole pixels; what comes in is the edge.
   *
   * @param image [C,H,W] from {@code offset} on
   * @param offset where it begins
   * @param down pixels
   * @param right pixels
   * @param target receives the moved image from {@code to} on; another array than {@code image}
   * @param to where it begins there
   */
  public void move(float[] image, int offset, int down, int right, float[] target, int to) {
    int at = to;
    for (int channel = 0; channel < channels; channel++) {
      for (int y = 0; y < height; y++) {
        int row = (channel * height + within(y - down, height)) * width;
        for (int x = 0; x < width; x++) {
          target[at++] = image[offset + row + within(x - right, width)];
        }
      }
    }
  }

  private static int within(int place, int length) {
    return Math.max(0, Math.min(length - 1, place));
  }
}
