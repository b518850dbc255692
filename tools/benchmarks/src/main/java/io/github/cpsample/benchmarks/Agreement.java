package io.github.cpsample.benchmarks;

/** Two sides that are compared in time must compute the same thing. */
final class Agreement {

  private Agreement() {}

  /** The largest difference, as a share of the largest expected number; NaN if one is NaN. */
  static double relative(float[] expected, float[] found) {
    double largest = 0;
    for (float value : expected) {
      largest = Math.max(largest, Math.abs(value));
    }
    return largest == 0 ? absolute(expected, found) : absolute(expected, found) / largest;
  }

  /** The largest difference; NaN if one is NaN. */
  static double absolute(float[] expected, float[] found) {
    if (expected.length != found.length) {
      throw new IllegalStateException(
          "expected " + expected.length + " numbers, found " + found.length);
    }
    double worst = 0;
    for (int i = 0; i < expected.length; i++) {
      worst = Math.max(worst, Math.abs((double) expected[i] - found[i]));
    }
    return worst;
  }

  /** Refuses to go on where sides disagree. */
  static void require(String what, double difference, double bound) {
    if (!(difference <= bound)) {
      throw new IllegalStateException(
          what
              + ": expected a difference of at most "
              + bound
              + ", found "
              + difference
              + "; times of different computations are not comparable");
    }
  }
}
