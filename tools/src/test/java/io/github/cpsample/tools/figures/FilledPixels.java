package io.github.cpsample.tools.figures;

import io.github.cpsample.image.FloatImage;
import io.github.cpsample.image.Mask;
import java.util.List;

/** Images of one channel reduced to the pixels that a mask fills: the others are given. */
final class FilledPixels {

  private FilledPixels() {}

  /** One row per image, the filled pixels alone. */
  static float[][] of(List<FloatImage> images, Mask filled) {
    return images.stream().map(image -> of(image, filled)).toArray(float[][]::new);
  }

  private static float[] of(FloatImage image, Mask filled) {
    float[] values = new float[filled.filledPixels()];
    int at = 0;
    for (int y = 0; y < filled.height(); y++) {
      for (int x = 0; x < filled.width(); x++) {
        if (filled.fills(y, x)) {
          values[at++] = image.value(0, y, x);
        }
      }
    }
    return values;
  }
}
