package io.github.cpsample.sampling;

import io.github.cpsample.random.RandomMode;
import io.github.cpsample.random.SphericalInterpolation;

/**
 * Images between two seeds: the starting noise of image i of n is mixed spherically, with the share
 * i / (n - 1), of the request's seed's and the last seed's. The first image is the one of the
 * request's seed. With deterministic samplers the last one is that of the last seed; the noise that
 * other samplers add in their steps is that of the request's seed in all images.
 *
 * @param lastSeed the seed whose starting noise the last image gets
 */
public record Interpolation(long lastSeed) {

  /** Refuses too few images. */
  void requireFitting(int count) {
    if (count < 2) {
      throw new IllegalArgumentException(
          "interpolation: expected a count of at least 2 images, found " + count);
    }
  }

  /** Mixes the starting noise of an image, which holds that of the request's seed. */
  void mix(float[] noise, int image, int count, RandomMode mode) {
    float[] last = new float[noise.length];
    mode.open(lastSeed).initial().fill(last, 0, last.length);
    SphericalInterpolation.mix(noise, 0, last, (double) image / (count - 1));
  }
}
