package io.github.cpsample.trainer.training;

/**
 * How weights are updated.
 *
 * @param learningRate the rate after warm-up
 * @param warmupSteps steps over which the rate grows linearly from 0
 * @param decay what the rate does after warm-up
 * @param weightDecay decoupled weight decay (AdamW); 0 is Adam
 * @param gradientClip largest norm of the whole gradient; larger ones are scaled down
 * @param emaDecay decay of the averaged weights, in [0,1); early steps average over fewer
 */
public record OptimizerConfig(
    float learningRate,
    int warmupSteps,
    Decay decay,
    float weightDecay,
    float gradientClip,
    float emaDecay) {

  /** What the learning rate does after warm-up. */
  public enum Decay {
    /** It stays. */
    CONSTANT,
    /** It falls along half a cosine to a hundredth at the last step. */
    COSINE
  }

  private static final double FINAL_SHARE = 0.01;

  public OptimizerConfig {
    require(learningRate > 0, "learningRate > 0", learningRate);
    require(warmupSteps >= 0, "warmupSteps >= 0", warmupSteps);
    require(weightDecay >= 0, "weightDecay >= 0", weightDecay);
    require(gradientClip > 0, "gradientClip > 0", gradientClip);
    require(emaDecay >= 0 && emaDecay < 1, "emaDecay in [0,1)", emaDecay);
  }

  private static void require(boolean condition, String expected, Number found) {
    if (!condition) {
      throw new IllegalArgumentException("Optimizer: expected " + expected + ", found " + found);
    }
  }

  /**
   * The learning rate of a step.
   *
   * @param step the step, from 0
   * @param steps the planned number of steps
   * @return the rate
   */
  public float rateAt(long step, long steps) {
    if (step < warmupSteps) {
      return learningRate * (step + 1) / warmupSteps;
    }
    if (decay == Decay.CONSTANT) {
      return learningRate;
    }
    double progress = Math.min(1, (step - warmupSteps) / (double) Math.max(1, steps - warmupSteps));
    double share = FINAL_SHARE + (1 - FINAL_SHARE) * (1 + Math.cos(Math.PI * progress)) / 2;
    return (float) (learningRate * share);
  }
}
