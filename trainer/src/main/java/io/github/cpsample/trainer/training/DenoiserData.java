package io.github.cpsample.trainer.training;

import io.github.cpsample.trainer.data.BrokenImages;
import io.github.cpsample.trainer.data.ImageDataset;
import java.util.Locale;
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
        start.map(RunFolder.Fingerprints::of).orElse(""),
        rehearsal.map(Rehearsal::share).orElse(0.0));
  }

  /**
   * What a denoiser was fine-tuned from.
   *
   * @param startWeights SHA-256 of the weights that training began with, as big-endian float32 in
   *     the network's order, in hexadecimal; empty where it began with fresh ones
   * @param keepShare share of every batch that was drawn from images to be kept in mind; 0 for none
   */
  public record DenoiserOrigin(String startWeights, double keepShare) {

    /** Fresh weights and training images alone. */
    public static final DenoiserOrigin NONE = new DenoiserOrigin("", 0);

    public DenoiserOrigin {
      Objects.requireNonNull(startWeights, "startWeights");
    }
  }

  /**
   * Images that a fine-tuned network is reminded of, so that it does not forget what it knew
   * (rehearsal: Robins, 1995, "Catastrophic forgetting, rehearsal and pseudorehearsal"): a share of
   * every batch is drawn from them.
   *
   * @param images what to draw from, shuffled anew in every epoch; not owned
   * @param broken where broken images of these are reported
   * @param share of every batch, in (0, 1), rounded to whole images
   */
  public record Rehearsal(ImageDataset images, BrokenImages broken, double share) {

    public Rehearsal {
      Objects.requireNonNull(images, "images");
      Objects.requireNonNull(broken, "broken");
      if (!(share > 0 && share < 1)) {
        throw new IllegalArgumentException(
            "Rehearsal: expected a share between 0 and 1, found " + share);
      }
    }

    /**
     * How many images of a batch are drawn from these.
     *
     * @param batchSize images per step
     * @return the share in whole images, at least 1 and less than {@code batchSize}
     * @throws IllegalArgumentException if rounding leaves none of these, or only these
     */
    int imagesOf(int batchSize) {
      int kept = Math.toIntExact(Math.round(share * batchSize));
      if (kept < 1 || kept >= batchSize) {
        throw new IllegalArgumentException(
            String.format(
                Locale.ROOT,
                "Rehearsal: expected a share that leaves at least one image of either kind in a"
                    + " batch of %d, found %s; change the share or enlarge the batch",
                batchSize,
                share));
      }
      return kept;
    }
  }
}
