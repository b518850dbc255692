package io.github.cpsample.bundle;

import io.github.cpsample.image.ImageShape;
import java.util.Objects;
import java.util.Optional;

/**
 * How a latent model's latents become images: {@code image = decoder(latent / scalingFactor +
 * shiftFactor)}, and images latents: {@code latent = scalingFactor (encoder(image) - shiftFactor)}
 * (Rombach et al., 2022, arXiv 2112.10752; the factors are those of Diffusers' {@code config.json}
 * of an autoencoder). Denoiser and classifier see latents only. Immutable.
 *
 * @param decoder name of the decoder's file
 * @param encoder name of the encoder's file; empty where images are never encoded
 * @param shape of a latent
 * @param scalingFactor above 0
 * @param shiftFactor finite
 */
public record LatentSpec(
    String decoder,
    Optional<String> encoder,
    ImageShape shape,
    double scalingFactor,
    double shiftFactor) {
  /** The scaling factor of an autoencoder whose configuration names none. */
  public static final double DEFAULT_SCALING_FACTOR = 0.18215;

  /**
   * Refuses missing names and factors that undo nothing.
   *
   * @param decoder as the component says
   * @param encoder as the component says
   * @param shape as the component says
   * @param scalingFactor as the component says
   * @param shiftFactor as the component says
   */
  public LatentSpec {
    ManifestChecks.filled("latent.decoder", decoder);
    encoder.ifPresent(name -> ManifestChecks.filled("latent.encoder", name));
    Objects.requireNonNull(shape, "shape");
    if (!(scalingFactor > 0) || Double.isInfinite(scalingFactor)) {
      throw new IllegalArgumentException(
          "latent.scalingFactor: expected a number above 0, found " + scalingFactor);
    }
    if (!Double.isFinite(shiftFactor)) {
      throw new IllegalArgumentException(
          "latent.shiftFactor: expected a number, found " + shiftFactor);
    }
  }
}
