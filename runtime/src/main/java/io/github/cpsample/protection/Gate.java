package io.github.cpsample.protection;

import java.util.Arrays;

/** When a sample is guarded. */
public enum Gate {
  /**
   * The paper's: one bit, guarded when p &lt; alpha or p &gt; 1-alpha (Kazdan et al., 2025, arXiv
   * 2409.07025).
   */
  PAPER("paper"),
  /**
   * K bits, guarded when mean_k log max(p_k, 1-p_k) &gt; log(1-alpha): a stranger must be certain
   * on all bits to be guarded. With K = 1 this is the paper's rule.
   */
  CODE("code");

  private final String label;

  Gate(String label) {
    this.label = label;
  }

  /**
   * The gate's name.
   *
   * @return as in manifests and on the command line
   */
  public String label() {
    return label;
  }

  /**
   * A gate by name.
   *
   * @param label as in manifests and on the command line
   * @return the gate
   */
  public static Gate named(String label) {
    return Arrays.stream(values())
        .filter(gate -> gate.label.equals(label))
        .findFirst()
        .orElseThrow(
            () -> new IllegalArgumentException("Gate: expected paper or code, found " + label));
  }

  /**
   * Refuses a classifier that the gate is not made for.
   *
   * @param bits the classifier's number of logits
   * @throws IllegalArgumentException if the paper's gate meets more than one bit
   */
  public void requireBits(int bits) {
    if (bits < 1 || (this == PAPER && bits != 1)) {
      throw new IllegalArgumentException(
          "Gate "
              + label
              + ": expected a classifier with "
              + (this == PAPER ? "one bit" : "at least one bit")
              + ", found "
              + bits
              + (this == PAPER ? "; use gate code" : ""));
    }
  }

  /**
   * Decides for one sample.
   *
   * @param alpha in (0, 1/2]; 1/2 always guards
   * @param logits logits of a batch, [N,K] row-major, not modified
   * @param offset where the sample's logits begin
   * @param bits K
   * @return whether the sample is guarded at this step
   * @throws IllegalArgumentException if a logit is NaN: a sample whose classifier fails must not
   *     pass as unguarded
   */
  public boolean guards(double alpha, float[] logits, int offset, int bits) {
    double certainty = Certainty.log(logits, offset, bits);
    if (Double.isNaN(certainty)) {
      throw new IllegalArgumentException("Gate " + label + ": expected logits, found NaN");
    }
    return alpha >= 0.5 || certainty > Math.log1p(-alpha);
  }
}
