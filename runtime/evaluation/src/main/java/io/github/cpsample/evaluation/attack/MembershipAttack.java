package io.github.cpsample.evaluation.attack;

/**
 * A score for every image, low for images that the model was trained on. All settings are fixed
 * when an attack is made, never picked by the labels of the images that it scores. Immutable and
 * thread-safe.
 */
public interface MembershipAttack {

  /**
   * What to call it in reports.
   *
   * @return a short name with its settings
   */
  String name();

  /**
   * The cost.
   *
   * @return how often the model is asked about every image
   */
  int queries();

  /**
   * Scores some images. The score of an image does not depend on the others.
   *
   * @param model the model
   * @param images [N,C,H,W] row-major, values in [-1, 1]; not modified
   * @param rows the number N of images, at least 1
   * @return one score per image; lower means more likely a member
   * @throws IllegalArgumentException if the array does not hold N images, or the model's answer is
   *     of another length or not finite
   */
  double[] scores(NoisePredictor model, float[] images, int rows);

  /**
   * Scores some images that are rows.
   *
   * @param model the model
   * @param images one per row, [C,H,W] row-major, values in [-1, 1], at least one, all of one
   *     length; not modified
   * @return one score per image; lower means more likely a member
   * @throws IllegalArgumentException as with {@link #scores(NoisePredictor, float[], int)}, or if
   *     an image has another length
   */
  default double[] scores(NoisePredictor model, float[][] images) {
    int size = images.length == 0 ? 0 : images[0].length;
    float[] values = new float[Math.multiplyExact(images.length, size)];
    for (int row = 0; row < images.length; row++) {
      if (images[row].length != size) {
        throw new IllegalArgumentException(
            "images: expected "
                + size
                + " values each, found "
                + images[row].length
                + " in image "
                + row);
      }
      System.arraycopy(images[row], 0, values, row * size, size);
    }
    return scores(model, values, images.length);
  }
}
