package io.github.cpsample.protection;

import io.github.cpsample.base.Checks;
import io.github.cpsample.protection.Certainty.Arithmetic;

/**
 * Decides for one image at one step whether the classifier is so certain that the step has to be
 * guarded. There is one rule, under the paper's name for one bit and another for any number: guard
 * when the {@link Certainty} exceeds {@code 1 - alpha}; at {@code alpha = 1/2} guard always.
 */
public enum Gate {
  /** The rule of the paper, for one bit: guard unless {@code alpha <= p <= 1 - alpha}. */
  PAPER("paper") {
    @Override
    public void requireBits(int bits) {
      if (bits != 1) {
        throw new IllegalArgumentException(
            "gate paper: expected a classifier of 1 bit, found "
                + bits
                + " bits; use the gate code instead");
      }
    }
  },
  /** The rule for any number of bits. */
  CODE("code") {
    @Override
    public void requireBits(int bits) {
      Checks.argument(bits >= 1, "gate code", "a classifier of at least 1 bit", bits);
    }
  };

  private final String label;

  Gate(String label) {
    this.label = label;
  }

  /**
   * The name used in manifests and on command lines.
   *
   * @return for example {@code code}
   */
  public String label() {
    return label;
  }

  /**
   * Checks that this gate works for a number of bits.
   *
   * @param bits the number K of bits of the classifier
   * @throws IllegalArgumentException if it does not
   */
  public abstract void requireBits(int bits);

  /**
   * Decides for one row of logits.
   *
   * @param logits rows of K logits
   * @param offset where the row starts
   * @param bits the number K of bits
   * @param alpha in (0, 1/2]; 1/2 guards every row, also one whose logits are all zero
   * @return whether the step is guarded
   * @throws IllegalArgumentException if a logit is NaN, or K does not fit this gate
   */
  public boolean guards(float[] logits, int offset, int bits, double alpha) {
    requireBits(bits);
    ProtectionSettings.requireAlpha(alpha);
    return guards(Certainty.log(logits, offset, bits), alpha);
  }

  /**
   * Decides for an image whose certainty is known.
   *
   * @param logCertainty the logarithm of the {@link Certainty}
   * @param alpha in (0, 1/2]
   * @return whether the step is guarded
   * @throws IllegalArgumentException if the certainty is NaN
   */
  public static boolean guards(double logCertainty, double alpha) {
    if (Double.isNaN(logCertainty)) {
      throw new IllegalArgumentException(
          "certainty: expected a number, found NaN; check the classifier's logits");
    }
    return guards(Arithmetic.OF_NUMBERS, logCertainty, alpha) != 0;
  }

  /**
   * The rule: {@code log certainty > log(1 - alpha)}, or {@code alpha = 1/2}. What is not a number
   * is guarded.
   *
   * @param <T> a number or a value of a graph
   * @param on the arithmetic
   * @param logCertainty the logarithm of the certainty
   * @param alpha in (0, 1/2]
   * @return a truth
   */
  public static <T> T guards(Arithmetic<T> on, T logCertainty, T alpha) {
    T threshold = on.log1p(on.minus(alpha));
    return on.or(on.not(on.atMost(logCertainty, threshold)), on.atMost(on.number(0.5), alpha));
  }

  /**
   * Finds a gate by its name.
   *
   * @param name {@code paper} or {@code code}
   * @return the gate
   * @throws IllegalArgumentException if there is no such gate
   */
  public static Gate named(String name) {
    return Checks.named("gate", values(), gate -> gate.label, name);
  }

  @Override
  public String toString() {
    return label;
  }
}
