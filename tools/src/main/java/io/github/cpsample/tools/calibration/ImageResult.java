package io.github.cpsample.tools.calibration;

import java.util.List;

/**
 * What is kept of a sampled image.
 *
 * @param ratio distance to the nearest training image over the mean distance to the next ones
 * @param replica whether it counts as a replica
 * @param heldOutDistance root mean squared difference to the nearest held-out image
 * @param steps steps that it took, those that were repeated counted every time
 * @param guardedSteps of them, those in which it was guarded
 * @param features its features; empty without an embedder
 */
public record ImageResult(
    double ratio,
    boolean replica,
    double heldOutDistance,
    int steps,
    int guardedSteps,
    List<Float> features) {

  /**
   * Copies the features.
   *
   * @param ratio at least 0
   * @param replica as the component says
   * @param heldOutDistance at least 0
   * @param steps at least 1
   * @param guardedSteps at least 0, at most as many
   * @param features of finite values
   */
  public ImageResult {
    features = List.copyOf(features);
    if (steps < 1 || guardedSteps < 0 || guardedSteps > steps) {
      throw new IllegalArgumentException(
          "image: expected guarded steps among at least 1 step, found "
              + guardedSteps
              + " of "
              + steps);
    }
  }
}
