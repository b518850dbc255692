package io.github.cpsample.benchmarks;

import ai.djl.ndarray.NDArray;
import io.github.cpsample.diffusion.PredictionType;

/**
 * One guided step of DDIM without fresh noise (Song, Meng and Ermon 2021, equation 12; guidance as
 * Dhariwal and Nichol 2021, algorithm 2) in DJL arrays.
 */
final class TorchStep {

  private final int timestep;
  private final PredictionType type;
  private final double abar;
  private final double nextAbar;
  private final boolean clips;

  TorchStep(int timestep, PredictionType type, double abar, double nextAbar, boolean clips) {
    this.timestep = timestep;
    this.type = type;
    this.abar = abar;
    this.nextAbar = nextAbar;
    this.clips = clips;
  }

  int timestep() {
    return timestep;
  }

  /**
   * The next x.
   *
   * @param guidance of the shape of x, zero in rows without guidance; null where no row has any
   */
  NDArray advance(NDArray x, NDArray prediction, NDArray guidance) {
    NDArray sample =
        x.mul(type.toSample(1, 0, abar)).add(prediction.mul(type.toSample(0, 1, abar)));
    NDArray epsilon;
    if (clips) {
      sample = sample.clip(-1, 1);
      epsilon = x.sub(sample.mul(Math.sqrt(abar))).div(Math.sqrt(1 - abar));
    } else {
      epsilon = x.mul(type.toEpsilon(1, 0, abar)).add(prediction.mul(type.toEpsilon(0, 1, abar)));
    }
    if (guidance != null) {
      sample = sample.add(guidance.mul((1 - abar) / Math.sqrt(abar)));
      epsilon = epsilon.sub(guidance.mul(Math.sqrt(1 - abar)));
    }
    return sample.mul(Math.sqrt(nextAbar)).add(epsilon.mul(Math.sqrt(1 - nextAbar)));
  }
}
