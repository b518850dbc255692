package io.github.cpsample.trainer.training;

import java.util.Arrays;

/**
 * What a run needs to go on exactly where it stopped. Batches, noise and learning rate are pure
 * functions of the step, so this is all.
 *
 * <p>The arrays are shared, not copied: whoever makes a state does not write to them afterwards.
 *
 * @param step updates applied so far
 * @param weights the weights, flat
 * @param mean Adam's first moments
 * @param variance Adam's second moments
 * @param average the averaged weights, those that are exported
 */
@SuppressWarnings("ArrayRecordComponent") // megabytes of weights: equality is defined below
record TrainingState(long step, float[] weights, float[] mean, float[] variance, float[] average) {

  static TrainingState start(float[] weights) {
    return new TrainingState(
        0, weights, new float[weights.length], new float[weights.length], weights.clone());
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof TrainingState that
        && step == that.step
        && Arrays.equals(weights, that.weights)
        && Arrays.equals(mean, that.mean)
        && Arrays.equals(variance, that.variance)
        && Arrays.equals(average, that.average);
  }

  @Override
  public int hashCode() {
    return Long.hashCode(step) + Arrays.hashCode(weights);
  }
}
