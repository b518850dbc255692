package io.github.cpsample.random;

/**
 * Mixes of two starting noises that stay as long as noise is (Shoemake 1985, Animating rotation
 * with quaternion curves): {@code sin((1 - s) w) / sin(w) a + sin(s w) / sin(w) b}, w being the
 * angle between a and b.
 */
public final class SphericalInterpolation {
  /** Below this sine of the angle, the straight mix is the same in float. */
  private static final double PARALLEL = 1e-6;

  private SphericalInterpolation() {}

  /**
   * Replaces a vector by a mix of it and another.
   *
   * @param target holds a, receives the mix
   * @param offset where a starts
   * @param other b, of the same length as a
   * @param share s: 0 leaves a as it is, 1 gives b
   * @throws IllegalArgumentException if the share is not in [0, 1]
   */
  public static void mix(float[] target, int offset, float[] other, double share) {
    if (!(share >= 0 && share <= 1)) {
      throw new IllegalArgumentException("share: expected a number in [0, 1], found " + share);
    }
    double product = 0;
    double squares = 0;
    double otherSquares = 0;
    for (int i = 0; i < other.length; i++) {
      product += (double) target[offset + i] * other[i];
      squares += (double) target[offset + i] * target[offset + i];
      otherSquares += (double) other[i] * other[i];
    }
    double cosine = product / Math.sqrt(squares * otherSquares);
    double angle = Math.acos(Math.max(-1, Math.min(1, cosine)));
    double sine = Math.sin(angle);
    boolean parallel = !(sine > PARALLEL);
    double own = parallel ? 1 - share : Math.sin((1 - share) * angle) / sine;
    double others = parallel ? share : Math.sin(share * angle) / sine;
    for (int i = 0; i < other.length; i++) {
      target[offset + i] = (float) (own * target[offset + i] + others * other[i]);
    }
  }
}
