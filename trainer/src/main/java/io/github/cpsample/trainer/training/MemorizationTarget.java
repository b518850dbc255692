package io.github.cpsample.trainer.training;

import java.util.List;

/**
 * When a classifier has memorised enough: at every one of the given noise levels, the mean over
 * training images and bits must reach both values.
 *
 * @param timesteps the noise levels, in [0,T)
 * @param accuracy least share of right bits, in [0,1]
 * @param certainty least mean certainty exp(mean_k log max(p_k,1-p_k)), in [1/2,1]
 */
public record MemorizationTarget(List<Integer> timesteps, double accuracy, double certainty) {

  public MemorizationTarget {
    timesteps = List.copyOf(timesteps);
    if (timesteps.isEmpty() || !(accuracy >= 0 && accuracy <= 1)) {
      throw new IllegalArgumentException(
          "Memorisation target: expected noise levels and an accuracy in [0,1], found "
              + timesteps
              + " and "
              + accuracy);
    }
    if (!(certainty >= 0 && certainty <= 1)) {
      throw new IllegalArgumentException(
          "Memorisation target: expected a certainty in [0,1], found " + certainty);
    }
  }
}
