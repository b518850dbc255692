package io.github.cpsample.protection;

/**
 * The log-probability that a guarded sample climbs, given by its derivative with respect to the
 * classifier's K logits. One vector-Jacobian product of the classifier with that cotangent is the
 * gradient with respect to the image. Implementations are stateless and safe to share between
 * threads.
 */
public interface Force {
  /**
   * The name used in manifests and on command lines.
   *
   * @return for example {@code opposite-label}
   */
  String label();

  /**
   * Writes the cotangent of one row. Computed in double with a sigmoid that does not overflow:
   * finite at every finite logit.
   *
   * @param logits rows of K logits; not modified
   * @param cotangent receives K values at the same offset, in [-1/K, 1/K]
   * @param offset where the row starts, in both arrays
   * @param bits the number K of bits, positive
   */
  void cotangent(float[] logits, float[] cotangent, int offset, int bits);

  /**
   * Finds a force by its name. With {@code y*_k} the label bit k is certain of (1 where {@code z_k
   * >= 0}), {@code opposite-label} climbs {@code mean_k log p(1 - y*_k)}, the paper's rule; {@code
   * own-label} climbs {@code -mean_k log p(y*_k)}, which carries the factor {@code 1 - p(y*_k)} and
   * so needs a scale about {@code 1/alpha} times larger.
   *
   * @param name {@code opposite-label} or {@code own-label}
   * @return the force
   * @throws IllegalArgumentException if there is no such force
   */
  static Force named(String name) {
    return StandardForce.named(name);
  }
}
