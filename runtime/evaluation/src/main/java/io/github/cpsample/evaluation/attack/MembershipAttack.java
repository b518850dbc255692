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
}
