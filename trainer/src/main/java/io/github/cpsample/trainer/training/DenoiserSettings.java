package io.github.cpsample.trainer.training;

import io.github.cpsample.diffusion.NoiseScheduleConfig;
import io.github.cpsample.diffusion.PredictionType;
import io.github.cpsample.trainer.network.UNetConfig;
import java.util.Objects;

/**
 * Everything that decides what a denoiser's training computes, but for the data and the budget.
 *
 * @param network the U-Net
 * @param schedule the noise schedule
 * @param prediction what the network predicts
 * @param optimizer how weights are updated
 * @param batchSize images per step
 * @param horizontalFlips whether every draw is mirrored with probability one half
 * @param seed of the initial weights, the order of the images and the noise
 */
public record DenoiserSettings(
    UNetConfig network,
    NoiseScheduleConfig schedule,
    PredictionType prediction,
    OptimizerConfig optimizer,
    int batchSize,
    boolean horizontalFlips,
    long seed) {

  public DenoiserSettings {
    Objects.requireNonNull(network, "network");
    Objects.requireNonNull(schedule, "schedule");
    Objects.requireNonNull(prediction, "prediction");
    Objects.requireNonNull(optimizer, "optimizer");
    BatchSizes.require(batchSize);
  }
}
