package io.github.cpsample.guard;

import io.github.cpsample.image.FloatImage;
import java.util.ArrayList;
import java.util.List;

/**
 * Checks images as they are and as a file with 8 bits per channel gives them back, which clips
 * values beyond [-1, 1] and so brings an image nearer to the training images.
 */
final class RoundedCheck {

  private RoundedCheck() {}

  /** The verdict on the rounded image, unless the image itself fails and the rounded one passes. */
  static List<GuardVerdict> of(ImageCheck check, List<FloatImage> images) {
    List<GuardVerdict> exact = check.check(images);
    List<GuardVerdict> rounded = check.check(images.stream().map(FloatImage::rounded).toList());
    List<GuardVerdict> verdicts = new ArrayList<>(images.size());
    for (int i = 0; i < images.size(); i++) {
      verdicts.add(rounded.get(i).passes() ? exact.get(i) : rounded.get(i));
    }
    return verdicts;
  }
}
