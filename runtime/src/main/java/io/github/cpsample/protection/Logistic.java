package io.github.cpsample.protection;

/** Logistic functions in double that keep their precision at every finite logit. */
final class Logistic {
  private Logistic() {}

  /** {@code 1 / (1 + e^-z)}, without overflow. */
  static double sigmoid(double logit) {
    if (logit >= 0) {
      return 1 / (1 + Math.exp(-logit));
    }
    double exp = Math.exp(logit);
    return exp / (1 + exp);
  }

  /** {@code log(1 + e^z)}, without overflow. */
  static double softplus(double logit) {
    return Math.max(logit, 0) + Math.log1p(Math.exp(-Math.abs(logit)));
  }

  /** Checks that K logits starting at an offset lie in an array. */
  static void requireRow(float[] logits, int offset, int bits) {
    if (bits < 1 || offset < 0 || offset > logits.length - bits) {
      throw new IllegalArgumentException(
          "logits: expected at least one bit within "
              + logits.length
              + " values, found "
              + bits
              + " bits from offset "
              + offset);
    }
  }
}
