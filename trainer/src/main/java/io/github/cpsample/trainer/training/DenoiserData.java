package io.github.cpsample.trainer.training;

import io.github.cpsample.trainer.data.BrokenImages;
import io.github.cpsample.trainer.data.ImageDataset;
import java.util.Objects;
import java.util.Optional;

/**
 * What a denoiser is trained from.
 *
 * @param training the training images, of the network's shape; not owned
 * @param broken where broken training images are reported
 * @param start the weights to begin with, flat, in the order of {@link Weights}; not copied and not
 *     modified; empty for fresh ones
 * @param rehearsal images of the network's shape that make up a share of every batch, or empty
 */
public record DenoiserData(
    ImageDataset training,
    BrokenImages broken,
    Optional<float[]> start,
    Optional<Rehearsal> rehearsal) {

  public DenoiserData {
    Objects.requireNonNull(training, "training");
    Objects.requireNonNull(broken, "broken");
    Objects.requireNonNull(start, "start");
    rehearsal.ifPresent(
        kept -> {
          if (!kept.images().shape().equals(training.shape())) {
            throw new IllegalArgumentException(
                "Rehearsal: expected images of the training images' shape "
                    + training.shape()
                    + ", found "
                    + kept.images().shape());
          }
        });
  }

  /**
   * Images alone: fresh weights, no rehearsal.
   *
   * @param training the training images; not owned
   * @param broken where broken images are reported
   * @return the data
   */
  public static DenoiserData of(ImageDataset training, BrokenImages broken) {
    return new DenoiserData(training, broken, Optional.empty(), Optional.empty());
  }

  /**
   * Begins with trained weights instead of fresh ones.
   *
   * @param weights flat, in the order of {@link Weights}; not copied and not modified
   * @return changed data
   */
  public DenoiserData startingFrom(float[] weights) {
    return new DenoiserData(training, broken, Optional.of(weights), rehearsal);
  }

  /**
   * With images that make up a share of every batch.
   *
   * @param kept the images and their share
   * @return changed data
   */
  public DenoiserData keeping(Rehearsal kept) {
    return new DenoiserData(training, broken, start, Optional.of(kept));
  }

  /** What a run records of it. */
  DenoiserOrigin origin() {
    return new DenoiserOrigin(
        start.map(Fingerprints::of).orElse(""), rehearsal.map(Rehearsal::share).orElse(0.0));
  }
}
