package io.github.cpsample.diffusion;

import java.util.Arrays;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.StringJoiner;

/**
 * A linear combination of what a step of a sampler has at hand: the {@link Term}s and what earlier
 * steps and this one remembered. Immutable.
 */
public final class Combination {

  /** What a step has at hand, beside what is remembered. */
  public enum Term {
    /** x_t, as it enters the step. */
    STATE,
    /** The denoiser's output. */
    PREDICTION,
    /** The predicted image x_0, after it was bounded. */
    SAMPLE,
    /** The guidance g; 0 in steps that are not guided. */
    GUIDANCE,
    /** Fresh standard normal noise. */
    NOISE,
    /** What an earlier step kept. */
    KEPT
  }

  static final Combination STATE = unit(Term.STATE);
  static final Combination PREDICTION = unit(Term.PREDICTION);
  static final Combination SAMPLE = unit(Term.SAMPLE);
  static final Combination GUIDANCE = unit(Term.GUIDANCE);
  static final Combination NOISE = unit(Term.NOISE);
  static final Combination KEPT = unit(Term.KEPT);

  /** Nothing. */
  static final Combination ZERO = new Combination(Map.of(), new double[0]);

  /** The factors of terms; missing ones are 0. */
  private final Map<Term, Double> terms;

  /** The factors of what is remembered, by age; missing ones are 0. */
  private final double[] remembered;

  private Combination(Map<Term, Double> terms, double[] remembered) {
    this.terms = terms;
    this.remembered = remembered;
  }

  private static Combination unit(Term term) {
    return new Combination(Map.of(term, 1.0), new double[0]);
  }

  /** {@code ofState x + sum_k ofRemembered[k] m_k + ofNoise z}: m_k of age k, z standard normal. */
  static Combination move(double ofState, double ofNoise, double... ofRemembered) {
    return new Combination(Map.of(Term.STATE, ofState, Term.NOISE, ofNoise), ofRemembered.clone());
  }

  Combination plus(Combination other) {
    Map<Term, Double> sum = new EnumMap<>(Term.class);
    sum.putAll(terms);
    other.terms.forEach((term, factor) -> sum.merge(term, factor, Double::sum));
    double[] sums = Arrays.copyOf(remembered, Math.max(remembered.length, other.remembered.length));
    for (int age = 0; age < other.remembered.length; age++) {
      sums[age] += other.remembered[age];
    }
    return new Combination(sum, sums);
  }

  Combination times(double factor) {
    Map<Term, Double> product = new EnumMap<>(Term.class);
    terms.forEach((term, own) -> product.put(term, own == 0 ? 0 : own * factor));
    return new Combination(product, Arrays.stream(remembered).map(own -> own * factor).toArray());
  }

  /** The same with another combination in the place of x. */
  Combination from(Combination base) {
    Map<Term, Double> others = new EnumMap<>(Term.class);
    others.putAll(terms);
    others.remove(Term.STATE);
    return new Combination(others, remembered).plus(base.times(of(Term.STATE)));
  }

  /** The same of the newest few of what is remembered alone. */
  Combination ofNewest(int count) {
    return new Combination(terms, Arrays.copyOf(remembered, count));
  }

  /**
   * The factor of a term.
   *
   * @param term not null
   * @return finite; 0 where it does not take part
   */
  public double of(Term term) {
    return terms.getOrDefault(term, 0.0);
  }

  /**
   * The factor of what was remembered.
   *
   * @param age how many steps ago; 0 for what this step remembers
   * @return finite; 0 where it does not take part
   */
  public double ofRemembered(int age) {
    return age < remembered.length ? remembered[age] : 0;
  }

  /**
   * How far back it reaches.
   *
   * @return one more than the age of the oldest that takes part; 0 if nothing remembered does
   */
  public int reach() {
    int reach = remembered.length;
    while (reach > 0 && remembered[reach - 1] == 0) {
      reach--;
    }
    return reach;
  }

  /** In a formula's form, for errors and documentation. */
  @Override
  public String toString() {
    StringJoiner sum = new StringJoiner(" + ");
    for (Term term : Term.values()) {
      if (of(term) != 0) {
        sum.add(of(term) + " " + term.name().toLowerCase(Locale.ROOT));
      }
    }
    for (int age = 0; age < remembered.length; age++) {
      if (remembered[age] != 0) {
        sum.add(remembered[age] + " m" + age);
      }
    }
    return sum.length() == 0 ? "0" : sum.toString();
  }
}
