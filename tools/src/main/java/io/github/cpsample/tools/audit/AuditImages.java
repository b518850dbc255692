package io.github.cpsample.tools.audit;

import io.github.cpsample.image.ImageShape;
import java.util.List;

/**
 * The images that an audit compares with. The arrays are not copied, and not modified.
 *
 * @param shape of an image
 * @param training what the model was trained on, one image per row, values in [-1, 1]
 * @param heldOut images of the same kind that it was not trained on
 */
public record AuditImages(ImageShape shape, List<float[]> training, List<float[]> heldOut) {

  /**
   * Checks that there is something to compare with.
   *
   * @param shape of an image
   * @param training at least 2 images
   * @param heldOut at least 4 images
   */
  public AuditImages {
    training = List.copyOf(training);
    heldOut = List.copyOf(heldOut);
    if (training.size() < 2 || heldOut.size() < 4) {
      throw new IllegalArgumentException(
          "audit: expected at least 2 training images and 4 held-out images, found "
              + training.size()
              + " and "
              + heldOut.size());
    }
  }

  float[][] trainingRows() {
    return training.toArray(float[][]::new);
  }

  float[][] heldOutRows() {
    return heldOut.toArray(float[][]::new);
  }

  /** Some images after another, [N,C,H,W]. */
  static float[] joined(List<float[]> images) {
    int size = images.get(0).length;
    float[] joined = new float[images.size() * size];
    for (int i = 0; i < images.size(); i++) {
      System.arraycopy(images.get(i), 0, joined, i * size, size);
    }
    return joined;
  }
}
