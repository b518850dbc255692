package io.github.cpsample.trainer.training;

import io.github.cpsample.diffusion.NoiseScheduleConfig;
import io.github.cpsample.protection.Subject;
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
 * @param background mixtures of the training images, which teach uncertainty where there are no
 *     other strangers
 * @param exposure what the classifier is shown besides the training images as they are
 * @param asks what it is asked about while sampling, and so what it is trained on: noised images,
 *     or what the denoiser sees in them
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
    Exposure exposure,
    Subject asks,
    MemorizationTarget target,
    long seed) {

  private static final int LEAST_BATCH = 4;

  public ClassifierSettings {
    Objects.requireNonNull(network, "network");
    Objects.requireNonNull(schedule, "schedule");
    Objects.requireNonNull(optimizer, "optimizer");
    Objects.requireNonNull(background, "background");
    Objects.requireNonNull(exposure, "exposure");
    Objects.requireNonNull(asks, "asks");
    Objects.requireNonNull(target, "target");
    BatchSizes.require(batchSize);
    if (exposure.isSome() && batchSize < LEAST_BATCH) {
      throw new IllegalArgumentException(
          "batchSize: expected at least "
              + LEAST_BATCH
              + " images, since strangers are among them, found "
              + batchSize);
    }
    if (asks == Subject.X_0 && !exposure.isSome()) {
      throw new IllegalArgumentException(
          "asks x0: expected an exposure with strangers, found none; a classifier that is asked"
              + " about x0 learns from denoised members and strangers");
    }
  }

  /**
   * The training of the paper: asked about x_t, shown the training images as they are.
   *
   * @param network the classifier
   * @param schedule the noise schedule
   * @param optimizer how weights are updated
   * @param batchSize images per step
   * @param horizontalFlips whether draws are mirrored
   * @param background mixtures of the training images
   * @param target when the classifier has memorised enough
   * @param seed of weights, order and noise
   */
  public ClassifierSettings(
      ClassifierConfig network,
      NoiseScheduleConfig schedule,
      OptimizerConfig optimizer,
      int batchSize,
      boolean horizontalFlips,
      Background background,
      MemorizationTarget target,
      long seed) {
    this(
        network,
        schedule,
        optimizer,
        batchSize,
        horizontalFlips,
        background,
        Exposure.NONE,
        Subject.X_T,
        target,
        seed);
  }

  /**
   * The same with another target.
   *
   * @param newTarget when the classifier has memorised enough
   * @return a copy
   */
  public ClassifierSettings until(MemorizationTarget newTarget) {
    return new ClassifierSettings(
        network,
        schedule,
        optimizer,
        batchSize,
        horizontalFlips,
        background,
        exposure,
        asks,
        newTarget,
        seed);
  }

  /**
   * The same for a gate that knows strangers.
   *
   * @param newExposure what the classifier is shown besides the training images
   * @param newAsks what it is asked about
   * @return a copy
   */
  public ClassifierSettings exposedTo(Exposure newExposure, Subject newAsks) {
    return new ClassifierSettings(
        network,
        schedule,
        optimizer,
        batchSize,
        horizontalFlips,
        background,
        newExposure,
        newAsks,
        target,
        seed);
  }
}
