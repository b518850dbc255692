package io.github.cpsample.evaluation.comparators;

import io.github.cpsample.diffusion.NormalStream;
import java.util.ArrayList;
import java.util.List;

/** The training images that AMG keeps away from. Its buffer belongs to one thread. */
final class ImageBank {

  private static final int LEAST = 2;

  private final List<float[]> images;
  private final float[] noised;

  private ImageBank(List<float[]> images) {
    this.images = images;
    this.noised = new float[images.get(0).length];
  }

  /**
   * A bank without near-duplicates: image after image is dropped if its nL2 against the others that
   * are left is below 1. Takes a distance per pair.
   *
   * @param training at least 2 images, values in [-1, 1]; neither copied nor modified
   * @throws IllegalArgumentException if less than 2 images remain, among which nothing is nearer
   *     than anything else
   */
  static ImageBank deduplicated(float[][] training) {
    List<float[]> left = new ArrayList<>(List.of(training));
    int place = 0;
    while (left.size() >= LEAST && place < left.size()) {
      if (isDuplicate(left, place)) {
        left.remove(place);
      } else {
        place++;
      }
    }
    if (left.size() < LEAST) {
      throw new IllegalArgumentException(
          "training images: expected at least 2 that are no near-duplicates, found "
              + left.size()
              + " of "
              + training.length
              + "; AMG needs others to compare distances with");
    }
    return new ImageBank(left);
  }

  private static boolean isDuplicate(List<float[]> images, int index) {
    BankMatch match = new BankMatch(images.get(index).length);
    for (int other = 0; other < images.size(); other++) {
      if (other != index) {
        match.offer(images.get(index), 0, images.get(other));
      }
    }
    return match.similarity() < AmgSettings.DUPLICATE;
  }

  int size() {
    return images.size();
  }

  int imageSize() {
    return noised.length;
  }

  /**
   * Compares an image with the bank as it is.
   *
   * @param image holds the image at the offset
   * @param offset where it begins
   * @param match receives the outcome
   */
  void compare(float[] image, int offset, BankMatch match) {
    match.clear();
    images.forEach(other -> match.offer(image, offset, other));
  }

  /**
   * Compares an image x_t with the bank, whose images are noised to the same level, each with fresh
   * noise.
   *
   * @param x holds the image at the offset
   * @param offset where it begins
   * @param abar the fraction of signal variance at its level
   * @param noise of this image
   * @param match receives the outcome
   */
  void compare(float[] x, int offset, double abar, NormalStream noise, BankMatch match) {
    double signal = Math.sqrt(abar);
    double spread = Math.sqrt(1 - abar);
    match.clear();
    for (float[] image : images) {
      noise.fill(noised, 0, noised.length);
      for (int i = 0; i < noised.length; i++) {
        noised[i] = (float) (signal * image[i] + spread * noised[i]);
      }
      match.offer(x, offset, noised);
    }
  }
}
