package io.github.cpsample.protection;

import io.github.cpsample.base.Checks;

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
   * The logarithm of the certainty of one row of logits, which stays below zero where {@code max(p,
   * 1 - p)} rounds to 1.
   *
   * @param logits rows of K logits, finite
   * @param offset where the row starts
   * @param bits the number K of bits, positive
   * @return in [-log 2, 0]; NaN if a logit is NaN
   */
  public static double log(float[] logits, int offset, int bits) {
    requireRow(logits, offset, bits);
    double sum = 0;
    for (int k = 0; k < bits; k++) {
      sum += log(Arithmetic.OF_NUMBERS, (double) logits[offset + k]);
    }
    return sum / bits;
  }

  /**
   * The logarithm of the certainty of one bit, {@code log max(p, 1 - p) = -log(1 + e^-|z|)}; that
   * of several bits is the mean.
   *
   * @param <T> a number or a value of a graph
   * @param on the arithmetic
   * @param logit z
   * @return in [-log 2, 0]
   */
  public static <T> T log(Arithmetic<T> on, T logit) {
    return on.minus(on.log1p(decay(on, logit)));
  }

  /**
   * {@code e^-|z|}, which never overflows; the larger of p and 1 - p is {@code 1 / (1 + e^-|z|)}.
   */
  static <T> T decay(Arithmetic<T> on, T logit) {
    return on.exp(on.minus(on.magnitude(logit)));
  }

  /** Checks that K logits starting at an offset lie in an array. */
  static void requireRow(float[] logits, int offset, int bits) {
    Checks.argument(
        bits >= 1 && offset >= 0 && offset <= logits.length - bits,
        "logits",
        "at least one bit within " + logits.length + " values",
        bits + " bits from offset " + offset);
  }

  /**
   * The arithmetic in which the rules of protection are written, once for numbers and for the
   * values of a graph. Truths are of the same type as numbers.
   *
   * @param <T> a number or a truth
   */
  public interface Arithmetic<T> {
    /** Arithmetic of double precision; truths are 1 and 0. */
    Arithmetic<Double> OF_NUMBERS = new Numbers();

    /**
     * A constant.
     *
     * @param value the number
     * @return the same
     */
    T number(double value);

    /**
     * A sum.
     *
     * @param a a number
     * @param b a number
     * @return a + b
     */
    T plus(T a, T b);

    /**
     * A product.
     *
     * @param a a number
     * @param b a number
     * @return a b
     */
    T times(T a, T b);

    /**
     * A quotient.
     *
     * @param a a number
     * @param b a number
     * @return a / b
     */
    T over(T a, T b);

    /**
     * The opposite.
     *
     * @param a a number
     * @return -a
     */
    T minus(T a);

    /**
     * The magnitude.
     *
     * @param a a number
     * @return |a|
     */
    T magnitude(T a);

    /**
     * The exponential.
     *
     * @param a a number
     * @return e^a
     */
    T exp(T a);

    /**
     * The logarithm near 1, precise where a is tiny.
     *
     * @param a a number above -1
     * @return log(1 + a)
     */
    T log1p(T a);

    /**
     * Compares.
     *
     * @param a a number
     * @param b a number
     * @return whether a is at most b; false where either is not a number
     */
    T atMost(T a, T b);

    /**
     * Denies.
     *
     * @param a a truth
     * @return whether a is false
     */
    T not(T a);

    /**
     * Joins.
     *
     * @param a a truth
     * @param b a truth
     * @return whether one of them is true
     */
    T or(T a, T b);

    /**
     * Chooses.
     *
     * @param truth a truth
     * @param a a number
     * @param b a number
     * @return a where the truth is, else b
     */
    T choose(T truth, T a, T b);
  }

  /** Arithmetic of double precision. */
  private static final class Numbers implements Arithmetic<Double> {
    @Override
    public Double number(double value) {
      return value;
    }

    @Override
    public Double plus(Double a, Double b) {
      return a + b;
    }

    @Override
    public Double times(Double a, Double b) {
      return a * b;
    }

    @Override
    public Double over(Double a, Double b) {
      return a / b;
    }

    @Override
    public Double minus(Double a) {
      return -a;
    }

    @Override
    public Double magnitude(Double a) {
      return Math.abs(a);
    }

    @Override
    public Double exp(Double a) {
      return Math.exp(a);
    }

    @Override
    public Double log1p(Double a) {
      return Math.log1p(a);
    }

    @Override
    public Double atMost(Double a, Double b) {
      return truth(a <= b);
    }

    @Override
    public Double not(Double a) {
      return truth(a == 0);
    }

    @Override
    public Double or(Double a, Double b) {
      return truth(a != 0 || b != 0);
    }

    @Override
    public Double choose(Double truth, Double a, Double b) {
      return truth != 0 ? a : b;
    }

    private static double truth(boolean value) {
      return value ? 1 : 0;
    }
  }
}
