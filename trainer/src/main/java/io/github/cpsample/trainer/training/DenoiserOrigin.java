package io.github.cpsample.trainer.training;

import java.util.Objects;

/**
 * What a denoiser was fine-tuned from.
 *
 * @param startWeights SHA-256 of the weights that training began with, as big-endian float32 in the
 *     network's order, in hexadecimal; empty where it began with fresh ones
 * @param keepShare share of every batch that was drawn from images to be kept in mind; 0 for none
 */
public record DenoiserOrigin(String startWeights, double keepShare) {

  /** Fresh weights and training images alone. */
  public static final DenoiserOrigin NONE = new DenoiserOrigin("", 0);

  public DenoiserOrigin {
    Objects.requireNonNull(startWeights, "startWeights");
  }
}
