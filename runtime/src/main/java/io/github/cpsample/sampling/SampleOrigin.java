package io.github.cpsample.sampling;

import io.github.cpsample.image.ImageShape;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * What images are made of besides noise. Immutable.
 *
 * @param start images to start from, or empty to start from noise alone
 */
public record SampleOrigin(Optional<StartImages> start) {
  /** Noise alone. */
  static final SampleOrigin NOISE = new SampleOrigin(Optional.empty());

  /**
   * Checks that nothing is missing.
   *
   * @param start images to start from, or empty
   */
  public SampleOrigin {
    Objects.requireNonNull(start, "start");
  }

  SampleOrigin withStart(StartImages images) {
    return new SampleOrigin(Optional.of(images));
  }

  /** The part of one sample. */
  SampleOrigin only(int index) {
    return new SampleOrigin(
        start.map(images -> new StartImages(List.of(images.of(index)), images.strength())));
  }

  /** Refuses what does not fit the samples. */
  SampleOrigin requireFitting(ImageShape shape, int count) {
    start.ifPresent(images -> images.requireFitting(shape, count));
    return this;
  }

  /** The share of the denoiser's calls that is made. */
  double strength() {
    return start.map(StartImages::strength).orElse(1.0);
  }
}
