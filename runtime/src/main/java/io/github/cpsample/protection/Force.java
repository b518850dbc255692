package io.github.cpsample.protection;

import io.github.cpsample.base.Checks;
import io.github.cpsample.protection.Certainty.Arithmetic;

/**
 * The log-probability that a guarded sample climbs, given by its derivative with respect to the
 * classifier's K logits. One vector-Jacobian product of the classifier with that cotangent is the
 * gradient with respect to the image. {@code y*_k} is the label that bit k is certain of, 1 where
 * {@code z_k >= 0}.
 */
public enum Force {
  /** Climbs {@code mean_k log p(1 - y*_k)}, the paper's rule. */
  OPPOSITE_LABEL("opposite-label") {
    /** {@code sigmoid(|z|) = 1 / (1 + e^-|z|)}. */
    @Override
    <T> T share(Arithmetic<T> on, T decay) {
      return on.number(1);
    }
  },
  /**
   * Climbs {@code -mean_k log p(y*_k)}, which carries the factor {@code 1 - p(y*_k)} and so needs a
   * scale about {@code 1/alpha} times larger.
   */
  OWN_LABEL("own-label") {
    /** {@code sigmoid(-|z|) = e^-|z| / (1 + e^-|z|)}. */
    @Override
    <T> T share(Arithmetic<T> on, T decay) {
      return decay;
    }
  };

  private final String label;

  Force(String label) {
    this.label = label;
  }

  /** What of 1 and {@code e^-|z|} the slope has above {@code 1 + e^-|z|}. */
  abstract <T> T share(Arithmetic<T> on, T decay);

  /**
   * The name used in manifests and on command lines.
   *
   * @return for example {@code opposite-label}
   */
  public String label() {
    return label;
  }

  /**
   * The derivative of one bit's log-probability by its logit; that of the mean over K bits is a
   * K-th of it. Finite at every finite logit.
   *
   * @param <T> a number or a value of a graph
   * @param on the arithmetic
   * @param logit z
   * @return in [-1, 1]
   */
  public <T> T slope(Arithmetic<T> on, T logit) {
    T decay = Certainty.decay(on, logit);
    T size = on.over(share(on, decay), on.plus(decay, on.number(1)));
    return on.choose(on.atMost(on.number(0), logit), on.minus(size), size);
  }

  /**
   * Writes the cotangent of one row.
   *
   * @param logits rows of K logits; not modified
   * @param cotangent receives K values at the same offset, in [-1/K, 1/K]
   * @param offset where the row starts, in both arrays
   * @param bits the number K of bits, positive
   */
  public void cotangent(float[] logits, float[] cotangent, int offset, int bits) {
    Certainty.requireRow(logits, offset, bits);
    Certainty.requireRow(cotangent, offset, bits);
    for (int k = offset; k < offset + bits; k++) {
      cotangent[k] = (float) (slope(Arithmetic.OF_NUMBERS, (double) logits[k]) / bits);
    }
  }

  /**
   * Finds a force by its name.
   *
   * @param name {@code opposite-label} or {@code own-label}
   * @return the force
   * @throws IllegalArgumentException if there is no such force
   */
  public static Force named(String name) {
    return Checks.named("force", values(), force -> force.label, name);
  }

  @Override
  public String toString() {
    return label;
  }
}
