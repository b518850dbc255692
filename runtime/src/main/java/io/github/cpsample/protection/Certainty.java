package io.github.cpsample.protection;

/**
 * How certain a classifier of K random bits is about one image: the geometric mean of {@code
 * max(p_k, 1 - p_k)} over the bits, {@code p_k = sigmoid(z_k)}. In [1/2, 1]; for K = 1 it is the
 * paper's {@code max(p, 1 - p)}.
 */
public final class Certainty {
  private Certainty() {}

  /**
   * The certainty of one row of logits.
   *
   * @param logits rows of K logits, finite
   * @param offset where the row starts
   * @param bits the number K of bits, positive
   * @return {@code exp(mean_k log max(p_k, 1 - p_k))}; NaN if a logit is NaN
   */
  public static double of(float[] logits, int offset, int bits) {
    return Math.exp(log(logits, offset, bits));
  }

  /**
   * The logarithm of the certainty of one row of logits. Computed from {@code log max(p, 1 - p) =
   * -softplus(-|z|)} in double, so it stays below zero where {@code max(p, 1 - p)} rounds to 1.
   *
   * @param logits rows of K logits, finite
   * @param offset where the row starts
   * @param bits the number K of bits, positive
   * @return in [-log 2, 0]; NaN if a logit is NaN
   */
  public static double log(float[] logits, int offset, int bits) {
    Logistic.requireRow(logits, offset, bits);
    double sum = 0;
    for (int k = 0; k < bits; k++) {
      sum -= Logistic.softplus(-Math.abs((double) logits[offset + k]));
    }
    return sum / bits;
  }
}
