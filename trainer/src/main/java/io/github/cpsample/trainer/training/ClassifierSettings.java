package io.github.cpsample.trainer.training;

import io.github.cpsample.diffusion.NoiseScheduleConfig;
import io.github.cpsample.trainer.network.ClassifierConfig;
import java.util.Objects;

/**
 * Everything that decides what a memorizing classifier's training computes, but for the data, the
 * key of the codes and the budget. Nothing here names a denoiser: its noise schedule is enough.
 *
 * @param network the classifier; its number of logits is the number of bits per image
 * @param schedule the noise schedule of the denoiser to be guarded
 * @param optimizer how weights are updated
 * @param batchSize images per step
 * @param horizontalFlips whether every draw is mirrored with probability one half; take what the
 *     denoiser took, since mirrored images are memorised too
 * @param background what teaches the classifier to be uncertain of strangers
 * @param target when the classifier has memorised enough
 * @param seed of the initial weights, the order of the images and the noise
 */
public record ClassifierSettings(
    ClassifierConfig network,
    NoiseScheduleConfig schedule,
    OptimizerConfig optimizer,
    int batchSize,
    boolean horizontalFlips,
    Background background,
    MemorizationTarget target,
    long seed) {

  /**
   * Checks that nothing is missing.
   *
   * @param network the classifier
   * @param schedule the noise schedule
   * @param optimizer how weights are updated
   * @param batchSize images per step
   * @param horizontalFlips whether draws are mirrored
   * @param background what teaches uncertainty
   * @param target when the classifier has memorised enough
   * @param seed of weights, order and noise
   */
  public ClassifierSettings {
    Objects.requireNonNull(network, "network");
    Objects.requireNonNull(schedule, "schedule");
    Objects.requireNonNull(optimizer, "optimizer");
    Objects.requireNonNull(background, "background");
    Objects.requireNonNull(target, "target");
    BatchSizes.require(batchSize);
  }
}
