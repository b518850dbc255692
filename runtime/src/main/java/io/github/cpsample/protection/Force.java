package io.github.cpsample.protection;

import java.util.Arrays;

/**
 * Which way a guarded sample is pushed: the gradient of what is followed, as a cotangent over the
 * logits, so that one backward pass serves all K bits.
 *
 * <p>y*_k is the label that bit k is certain of: 1 where z_k &gt;= 0. All of it is computed from
 * the logits in double.
 */
public enum Force {
  /**
   * Towards the other label: mean_k log p(1-y*_k | x). d/dz_k = -(2 y*_k - 1) p(y*_k) / K. Strong
   * exactly where the classifier is certain.
   */
  OPPOSITE_LABEL("opposite-label") {
    @Override
    double derivative(double z) {
      return (z >= 0 ? -1 : 1) * sigmoid(Math.abs(z));
    }
  },
  /**
   * Away from the own label: -mean_k log p(y*_k | x). d/dz_k = -(2 y*_k - 1) (1-p(y*_k)) / K. It
   * vanishes with certainty, so it needs a scale about 1/alpha times larger.
   */
  OWN_LABEL("own-label") {
    @Override
    double derivative(double z) {
      return (z >= 0 ? -1 : 1) * sigmoid(-Math.abs(z));
    }
  };

  private final String label;

  Force(String label) {
    this.label = label;
  }

  /** d/dz of what is followed, for one bit. */
  abstract double derivative(double z);

  /**
   * The force's name.
   *
   * @return as in manifests and on the command line
   */
  public String label() {
    return label;
  }

  /**
   * A force by name.
   *
   * @param label as in manifests and on the command line
   * @return the force
   */
  public static Force named(String label) {
    return Arrays.stream(values())
        .filter(force -> force.label.equals(label))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "Force: expected opposite-label or own-label, found " + label));
  }

  /**
   * The cotangent of one sample's logits.
   *
   * @param logits logits of a batch, [N,K] row-major, not modified
   * @param offset where the sample's logits begin
   * @param bits K
   * @param cotangent written from {@code cotangentOffset}, K values
   * @param cotangentOffset where to write
   */
  public void cotangent(
      float[] logits, int offset, int bits, float[] cotangent, int cotangentOffset) {
    for (int k = 0; k < bits; k++) {
      cotangent[cotangentOffset + k] = (float) (derivative(logits[offset + k]) / bits);
    }
  }

  private static double sigmoid(double z) {
    return z >= 0 ? 1 / (1 + Math.exp(-z)) : Math.exp(z) / (1 + Math.exp(z));
  }
}
