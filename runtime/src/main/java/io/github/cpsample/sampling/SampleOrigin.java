package io.github.cpsample.sampling;

import io.github.cpsample.image.ImageShape;
import java.util.Objects;
import java.util.Optional;

/**
 * What images are made of besides noise. Immutable.
 *
 * @param start images to start from, or empty to start from noise alone
 * @param inpainting what is known of the images, or empty for nothing
 * @param interpolation the seed that starting noise is mixed with, or empty for none
 */
public record SampleOrigin(
    Optional<StartImages> start,
    Optional<Inpainting> inpainting,
    Optional<Interpolation> interpolation) {
  /** Noise alone. */
  static final SampleOrigin NOISE =
      new SampleOrigin(Optional.empty(), Optional.empty(), Optional.empty());

  /**
   * Checks that nothing is missing.
   *
   * @param start images to start from, or empty
   * @param inpainting what is known, or empty
   * @param interpolation the seed to mix with, or empty
   */
  public SampleOrigin {
    Objects.requireNonNull(start, "start");
    Objects.requireNonNull(inpainting, "inpainting");
    Objects.requireNonNull(interpolation, "interpolation");
  }

  SampleOrigin withStart(StartImages images) {
    return new SampleOrigin(Optional.of(images), inpainting, interpolation);
  }

  SampleOrigin withInpainting(Inpainting known) {
    return new SampleOrigin(start, Optional.of(known), interpolation);
  }

  SampleOrigin withInterpolation(Interpolation seeds) {
    return new SampleOrigin(start, inpainting, Optional.of(seeds));
  }

  /** The part of one sample; without the other seed, since it is sampled from a seed of its own. */
  SampleOrigin only(int index) {
    return new SampleOrigin(
        start.map(images -> images.only(index)),
        inpainting.map(known -> known.only(index)),
        Optional.empty());
  }

  /** Refuses what does not fit the samples. */
  SampleOrigin requireFitting(ImageShape shape, int count) {
    start.ifPresent(images -> images.requireFitting(shape, count));
    inpainting.ifPresent(known -> known.requireFitting(shape, count));
    interpolation.ifPresent(seeds -> seeds.requireFitting(count));
    return this;
  }

  /** The share of the denoiser's calls that is made for a sample. */
  double strength(int index) {
    return start.map(images -> images.strengthOf(index)).orElse(1.0);
  }

  /** How often stretches of the trajectory are repeated. */
  Inpainting.Resampling resampling() {
    return inpainting.map(Inpainting::resampling).orElse(Inpainting.Resampling.NONE);
  }
}
