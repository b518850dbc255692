package io.github.cpsample.sampling;

import io.github.cpsample.image.ImageShape;
import java.util.Objects;
import java.util.Optional;

/**
 * What images are made of besides noise. Immutable.
 *
 * @param start images to start from, or empty to start from noise alone
 * @param inpainting what is known of the images, or empty for nothing
 */
public record SampleOrigin(Optional<StartImages> start, Optional<Inpainting> inpainting) {
  /** Noise alone. */
  static final SampleOrigin NOISE = new SampleOrigin(Optional.empty(), Optional.empty());

  /**
   * Checks that nothing is missing.
   *
   * @param start images to start from, or empty
   * @param inpainting what is known, or empty
   */
  public SampleOrigin {
    Objects.requireNonNull(start, "start");
    Objects.requireNonNull(inpainting, "inpainting");
  }

  SampleOrigin withStart(StartImages images) {
    return new SampleOrigin(Optional.of(images), inpainting);
  }

  SampleOrigin withInpainting(Inpainting known) {
    return new SampleOrigin(start, Optional.of(known));
  }

  /** Refuses what does not fit the samples. */
  SampleOrigin requireFitting(ImageShape shape, int count, SamplerKind sampler) {
    start.ifPresent(images -> images.requireFitting(shape, count));
    inpainting.ifPresent(known -> known.requireFitting(shape, count, sampler));
    return this;
  }

  /** The share of the denoiser's calls that is made. */
  double strength() {
    return start.map(StartImages::strength).orElse(1.0);
  }

  /** How often stretches of the trajectory are repeated. */
  Resampling resampling() {
    return inpainting.map(Inpainting::resampling).orElse(Resampling.NONE);
  }
}
