package io.github.cpsample.sampling;

/**
 * How often stretches of the trajectory are repeated, so that what is filled in and what is known
 * grow together (Lugmayr et al. 2022, RePaint, arXiv 2201.09865, section 4.2): whenever a number of
 * steps that divides by {@code jump} is left besides the last one, and {@code jump} steps lie
 * behind, the image is noised back by {@code jump} steps and these are taken again, {@code times -
 * 1} times. Costs about {@code times} as many calls of the denoiser.
 *
 * @param times how often every stretch is taken, at least 1; 1 for no repetition
 * @param jump the length of a stretch in steps, at least 1
 */
public record Resampling(int times, int jump) {
  /** Every step is taken once. */
  public static final Resampling NONE = new Resampling(1, 1);

  /**
   * Checks the ranges.
   *
   * @param times at least 1
   * @param jump at least 1
   */
  public Resampling {
    if (times < 1 || jump < 1) {
      throw new IllegalArgumentException(
          "resampling: expected times and jump of at least 1, found " + times + " and " + jump);
    }
  }

  /** Whether anything is repeated. */
  boolean repeats() {
    return times > 1;
  }

  /** Whether a stretch ends, and may be repeated, before a step. */
  boolean returnsAt(int next, int first, int steps) {
    return repeats() && next < steps && next - jump >= first && (steps - 1 - next) % jump == 0;
  }

  /** How many steps are taken from the first one on. */
  int calls(int first, int steps) {
    int stretches = repeats() ? (steps - 1 - first) / jump : 0;
    return steps - first + stretches * (times - 1) * jump;
  }

  /** Refuses a stretch that is longer than the trajectory. */
  void requireFitting(int first, int steps) {
    if (repeats() && jump > steps - 1 - first) {
      throw new IllegalArgumentException(
          "resampling: expected a jump of at most "
              + Math.max(0, steps - 1 - first)
              + ", since "
              + (steps - first)
              + " steps are taken and the last one is not repeated, found "
              + jump);
    }
  }
}
