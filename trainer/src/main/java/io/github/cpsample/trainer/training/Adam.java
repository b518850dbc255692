package io.github.cpsample.trainer.training;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;

/**
 * Adam with decoupled weight decay (Loshchilov and Hutter, 2019, arXiv 1711.05101) and an
 * exponential moving average of the weights, over one flat vector.
 *
 * <p>DJL's own optimisers keep their moments to themselves, so a run could not be resumed exactly
 * from a file. Holds native memory until its manager is closed. Not thread-safe.
 */
final class Adam {

  private static final double BETA1 = 0.9;
  private static final double BETA2 = 0.999;
  private static final double EPSILON = 1e-8;

  private final NDArray weights;
  private final NDArray mean;
  private final NDArray variance;
  private final NDArray average;
  private final OptimizerConfig config;

  Adam(NDManager manager, TrainingState state, OptimizerConfig config) {
    this.weights = owned(manager, state.weights());
    this.mean = owned(manager, state.mean());
    this.variance = owned(manager, state.variance());
    this.average = owned(manager, state.average());
    this.config = config;
  }

  /**
   * A copy in memory of libtorch. An array made from Java values lies in a Java buffer that lives
   * only as long as that very object; views of it outlive it.
   */
  private static NDArray owned(NDManager manager, float[] values) {
    try (NDArray borrowed = manager.create(values)) {
      return borrowed.duplicate();
    }
  }

  /**
   * Lends everything to a step's manager and copies the weights into it, for one forward and
   * backward pass. What is computed from lent arrays is freed with that manager.
   */
  NDArray leaf(NDManager step) {
    for (NDArray array : new NDArray[] {weights, mean, variance, average}) {
      array.tempAttach(step);
    }
    return weights.duplicate();
  }

  /**
   * Applies one gradient.
   *
   * @param gradient the gradient of {@link #leaf}, in the step's manager, still open; modified
   * @param scale what the gradient is multiplied with (clipping)
   * @param rate the learning rate
   * @param step the number of updates before this one
   */
  void update(NDArray gradient, float scale, float rate, long step) {
    gradient.muli(scale);
    mean.muli(BETA1).addi(gradient.mul(1 - BETA1));
    variance.muli(BETA2).addi(gradient.square().muli(1 - BETA2));
    double correction1 = 1 - Math.pow(BETA1, (double) step + 1);
    double correction2 = 1 - Math.pow(BETA2, (double) step + 1);
    NDArray denominator = variance.div(correction2).sqrt().addi(EPSILON);
    if (config.weightDecay() > 0) {
      weights.muli(1 - rate * config.weightDecay());
    }
    weights.subi(mean.mul(rate / correction1).divi(denominator));
    double decay = Math.min(config.emaDecay(), (1.0 + step) / (10.0 + step));
    average.muli(decay).addi(weights.mul(1 - decay));
  }

  /** Copies everything that a checkpoint needs. */
  TrainingState state(long step) {
    return new TrainingState(
        step,
        weights.toFloatArray(),
        mean.toFloatArray(),
        variance.toFloatArray(),
        average.toFloatArray());
  }

  float[] averagedWeights() {
    return average.toFloatArray();
  }
}
