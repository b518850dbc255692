package io.github.cpsample.sampling;

import io.github.cpsample.diffusion.NoiseLevel;
import io.github.cpsample.image.FloatImage;
import io.github.cpsample.image.ImageShape;
import io.github.cpsample.image.Mask;
import io.github.cpsample.random.NormalStream;

/**
 * Keeps the known part of an image: {@code x = m (sqrt(abar) known + sqrt(1 - abar) z) + (1 - m) x}
 * before every step (Lugmayr et al. 2022, arXiv 2201.09865, equation 8). Belongs to one thread.
 */
final class KnownRegion {
  private final FloatImage known;
  private final Mask mask;
  private final float[] noise;
  private final boolean freshNoise;

  /**
   * @param mask what is filled
   * @param initial the starting noise
   * @param freshNoise whether z is drawn anew in every step, or is the starting noise in all of
   *     them
   */
  KnownRegion(FloatImage known, Mask mask, float[] initial, boolean freshNoise) {
    this.known = known;
    this.mask = mask;
    this.noise = initial.clone();
    this.freshNoise = freshNoise;
  }

  /** Replaces the known part of x by the known pixels at a noise level. */
  void compose(float[] image, NoiseLevel level, NormalStream stream) {
    if (freshNoise) {
      stream.fill(noise, 0, noise.length);
    }
    ImageShape shape = known.shape();
    int at = 0;
    for (int channel = 0; channel < shape.channels(); channel++) {
      for (int y = 0; y < shape.height(); y++) {
        for (int x = 0; x < shape.width(); x++) {
          if (!mask.fills(y, x)) {
            double value = level.signal() * known.value(channel, y, x);
            image[at] = (float) (value + level.spread() * noise[at]);
          }
          at++;
        }
      }
    }
  }
}
