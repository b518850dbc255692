package io.github.cpsample.benchmarks;

import io.github.cpsample.bundle.Manifest;
import io.github.cpsample.diffusion.RandomMode;

/**
 * A fixed batch for both engines: standard normal images [N,C,H,W], timesteps [N] spread over the
 * guarded range, and a cotangent of the logits [N,K].
 */
final class NoisedBatch {

  private final float[] images;
  private final float[] timesteps;
  private final float[] cotangents;

  NoisedBatch(Manifest manifest, int rows) {
    this.images = normal(rows * manifest.image().size(), 1);
    this.timesteps = new float[rows];
    int last = TrajectoryPlan.PUSH.lastTimestep();
    for (int row = 0; row < rows; row++) {
      timesteps[row] = (float) last * row / rows;
    }
    this.cotangents = normal(rows * manifest.classifier().bits(), 2);
  }

  int rows() {
    return timesteps.length;
  }

  float[] images() {
    return images;
  }

  float[] timesteps() {
    return timesteps;
  }

  float[] cotangents() {
    return cotangents;
  }

  private static float[] normal(int size, long seed) {
    float[] values = new float[size];
    RandomMode.JAVA.open(seed).initial().fill(values, 0, size);
    return values;
  }
}
