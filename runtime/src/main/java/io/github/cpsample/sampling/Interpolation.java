package io.github.cpsample.sampling;

import io.github.cpsample.random.RandomMode;

/**
 * Images between two seeds: the starting noise of image i of n is mixed spherically, with the share
 * i / (n - 1), of the request's seed's and the last seed's. The first image is the one of the
 * request's seed. With deterministic samplers the last one is that of the last seed; the noise that
 * other samplers add in their steps is that of the request's seed in all images.
 *
 * @param lastSeed the seed whose starting noise the last image gets
 */
public record Interpolation(long lastSeed) {
  /** Below this sine of the angle, the straight mix is the same in float. */
  private static final double PARALLEL = 1e-6;

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
    mix(noise, last, (double) image / (count - 1));
  }

  /**
   * Replaces a vector by a mix that stays as long as noise is (Shoemake 1985, Animating rotation
   * with quaternion curves): {@code sin((1 - s) w) / sin(w) a + sin(s w) / sin(w) b}, w being the
   * angle between a and b.
   *
   * @param target holds a, receives the mix
   * @param other b, of the same length as a
   * @param share s: 0 leaves a as it is, 1 gives b
   * @throws IllegalArgumentException if the share is not in [0, 1]
   */
  static void mix(float[] target, float[] other, double share) {
    if (!(share >= 0 && share <= 1)) {
      throw new IllegalArgumentException("share: expected a number in [0, 1], found " + share);
    }
    double product = 0;
    double squares = 0;
    double otherSquares = 0;
    for (int i = 0; i < other.length; i++) {
      product += (double) target[i] * other[i];
      squares += (double) target[i] * target[i];
      otherSquares += (double) other[i] * other[i];
    }
    double cosine = product / Math.sqrt(squares * otherSquares);
    double angle = Math.acos(Math.max(-1, Math.min(1, cosine)));
    double sine = Math.sin(angle);
    boolean parallel = !(sine > PARALLEL);
    double own = parallel ? 1 - share : Math.sin((1 - share) * angle) / sine;
    double others = parallel ? share : Math.sin(share * angle) / sine;
    for (int i = 0; i < other.length; i++) {
      target[i] = (float) (own * target[i] + others * other[i]);
    }
  }
}
