package io.github.cpsample.protection;

/**
 * Decides for one image at one step whether the classifier is so certain that the step has to be
 * guarded. Implementations are stateless and safe to share between threads.
 */
public interface Gate {
  /**
   * The name used in manifests and on command lines.
   *
   * @return for example {@code code}
   */
  String label();

  /**
   * Checks that this gate works for a number of bits.
   *
   * @param bits the number K of bits of the classifier
   * @throws IllegalArgumentException if it does not
   */
  void requireBits(int bits);

  /**
   * Decides for one row of logits. At {@code alpha = 1/2} every row is guarded, also one whose
   * logits are all zero.
   *
   * @param logits rows of K logits
   * @param offset where the row starts
   * @param bits the number K of bits
   * @param alpha in (0, 1/2]
   * @return whether the step is guarded
   * @throws IllegalArgumentException if a logit is NaN, or K does not fit this gate
   */
  boolean guards(float[] logits, int offset, int bits, double alpha);

  /**
   * Finds a gate by its name: {@code paper} is the rule of the paper for one bit, guard unless
   * {@code alpha <= p <= 1 - alpha}; {@code code} generalises it to K bits, guard when the {@link
   * Certainty} exceeds {@code 1 - alpha}, and equals it for K = 1.
   *
   * @param name {@code paper} or {@code code}
   * @return the gate
   * @throws IllegalArgumentException if there is no such gate
   */
  static Gate named(String name) {
    return StandardGate.named(name);
  }
}
