package io.github.cpsample.benchmarks;

import ai.djl.ndarray.NDArray;
import io.github.cpsample.diffusion.Combination;
import io.github.cpsample.diffusion.NoiseLevel;
import io.github.cpsample.diffusion.PredictionType;

/**
 * One guided step of DDIM without fresh noise (Song, Meng and Ermon 2021, equation 12; guidance as
 * Dhariwal and Nichol 2021, algorithm 2) in DJL arrays.
 */
final class TorchStep {

  private final PredictionType type;
  private final NoiseLevel level;
  private final double nextAbar;
  private final boolean clips;

  TorchStep(NoiseLevel level, PredictionType type, double nextAbar, boolean clips) {
    this.type = type;
    this.level = level;
    this.nextAbar = nextAbar;
    this.clips = clips;
  }

  int timestep() {
    return (int) level.timestep();
  }

  /**
   * The next x.
   *
   * @param guidance of the shape of x, zero in rows without guidance; null where no row has any
   */
  NDArray advance(NDArray x, NDArray prediction, NDArray guidance) {
    double abar = level.alphasCumprod();
    NDArray sample = sum(type.sample(level), x, prediction);
    NDArray epsilon;
    if (clips) {
      sample = sample.clip(-1, 1);
      epsilon = x.sub(sample.mul(Math.sqrt(abar))).div(Math.sqrt(1 - abar));
    } else {
      epsilon = sum(type.epsilon(level), x, prediction);
    }
    if (guidance != null) {
      sample = sample.add(guidance.mul((1 - abar) / Math.sqrt(abar)));
      epsilon = epsilon.sub(guidance.mul(Math.sqrt(1 - abar)));
    }
    return sample.mul(Math.sqrt(nextAbar)).add(epsilon.mul(Math.sqrt(1 - nextAbar)));
  }

  private static NDArray sum(Combination factors, NDArray x, NDArray prediction) {
    return x.mul(factors.of(Combination.Term.STATE))
        .add(prediction.mul(factors.of(Combination.Term.PREDICTION)));
  }
}
