package io.github.cpsample.guard;

/**
 * How an image is sanitized. Try {@code k} of {@code n} noises it with a strength from {@code
 * firstStrength} up to {@code lastStrength} in equal steps.
 *
 * @param firstStrength the share of the sampler's steps that the first try takes, in (0, 1]
 * @param lastStrength the share that the last try takes, in [firstStrength, 1]
 * @param tries how many tries at most, at least 1
 */
public record SanitizeSettings(double firstStrength, double lastStrength, int tries) {

  /** From .4 to 1 in up to 13 tries: .05 more each time. */
  public static final SanitizeSettings STANDARD = new SanitizeSettings(0.4, 1, 13);

  /**
   * Checks the ranges.
   *
   * @param firstStrength as the component says
   * @param lastStrength as the component says
   * @param tries as the component says
   */
  public SanitizeSettings {
    if (!(firstStrength > 0 && firstStrength <= lastStrength && lastStrength <= 1)) {
      throw new IllegalArgumentException(
          "strength: expected 0 < first <= last <= 1, found first "
              + firstStrength
              + ", last "
              + lastStrength);
    }
    if (tries < 1) {
      throw new IllegalArgumentException("tries: expected at least 1, found " + tries);
    }
  }

  /** The strength of a try, from 0. */
  double strength(int attempt) {
    return tries == 1
        ? firstStrength
        : firstStrength + (lastStrength - firstStrength) * attempt / (tries - 1);
  }
}
