package io.github.cpsample.conditioning;

/**
 * The strength of a condition. Immutable.
 *
 * @param scale w; 1 or less is the conditional prediction alone
 * @param rescale how far the guided prediction is brought back to the spread of the conditional
 *     one, in [0, 1]
 */
public record Guidance(double scale, double rescale) {
  /** The conditional prediction alone. */
  public static final Guidance NONE = new Guidance(1, 0);

  /**
   * Refuses numbers out of range.
   *
   * @param scale as the component says
   * @param rescale as the component says
   */
  public Guidance {
    requireInRange(scale, rescale);
  }

  static void requireInRange(double scale, double rescale) {
    if (!Double.isFinite(scale) || scale < 0) {
      throw new IllegalArgumentException(
          "guidanceScale: expected a number of at least 0, found " + scale);
    }
    if (!(rescale >= 0 && rescale <= 1)) {
      throw new IllegalArgumentException(
          "guidanceRescale: expected a number in [0, 1], found " + rescale);
    }
  }

  /**
   * Whether the unconditional prediction is needed.
   *
   * @return true for a scale above 1
   */
  public boolean active() {
    return scale > 1;
  }
}
