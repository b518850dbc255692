package io.github.cpsample.evaluation.calibration;

import java.util.List;

/**
 * What is kept of a sampled image.
 *
 * @param ratio distance to the nearest training image over the mean distance to the next ones
 * @param replica whether it counts as a replica
 * @param heldOutDistance root mean squared difference to the nearest held-out image
 * @param guardedSteps steps in which it was guarded
 * @param features its features; empty without an embedder
 */
public record ImageResult(
    double ratio, boolean replica, double heldOutDistance, int guardedSteps, List<Float> features) {

  public ImageResult {
    features = List.copyOf(features);
  }
}
