package io.github.cpsample.protection;

/**
 * How certain a classifier with K logits is: mean_k log max(p_k, 1-p_k) with p = sigmoid(z).
 *
 * <p>Computed from the logits, log max(p,1-p) = -log(1 + exp(-|z|)), in double: it stays finite and
 * exact where p rounds to 0 or 1.
 */
public final class Certainty {

  private Certainty() {}

  /**
   * The logarithm of the certainty of one sample.
   *
   * @param logits logits of a batch, [N,K] row-major, not modified
   * @param offset where the sample's logits begin
   * @param bits K
   * @return in [log 1/2, 0]; NaN if a logit is NaN
   */
  public static double log(float[] logits, int offset, int bits) {
    double sum = 0;
    for (int k = offset; k < offset + bits; k++) {
      sum -= Math.log1p(Math.exp(-Math.abs((double) logits[k])));
    }
    return sum / bits;
  }

  /**
   * The certainty of one sample: the geometric mean of max(p_k, 1-p_k).
   *
   * @param logits logits of a batch, [N,K] row-major, not modified
   * @param offset where the sample's logits begin
   * @param bits K
   * @return in [1/2, 1]; NaN if a logit is NaN
   */
  public static double of(float[] logits, int offset, int bits) {
    return Math.exp(log(logits, offset, bits));
  }
}
