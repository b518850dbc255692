package io.github.cpsample.diffusion;

import java.util.Arrays;
import java.util.Locale;
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

  static final Combination STATE = new Combination(1, 0, 0, 0, 0, 0);
  static final Combination PREDICTION = new Combination(0, 1, 0, 0, 0, 0);
  static final Combination SAMPLE = new Combination(0, 0, 1, 0, 0, 0);
  static final Combination GUIDANCE = new Combination(0, 0, 0, 1, 0, 0);
  static final Combination NOISE = new Combination(0, 0, 0, 0, 1, 0);
  static final Combination KEPT = new Combination(0, 0, 0, 0, 0, 1);

  /** Nothing. */
  static final Combination ZERO = new Combination(0, 0, 0, 0, 0, 0);

  private final double state;
  private final double prediction;
  private final double sample;
  private final double guidance;
  private final double noise;
  private final double kept;

  /** The factors of what is remembered, by age; missing ones are 0. */
  private final double[] remembered;

  private Combination(
      double state,
      double prediction,
      double sample,
      double guidance,
      double noise,
      double kept,
      double... remembered) {
    this.state = state;
    this.prediction = prediction;
    this.sample = sample;
    this.guidance = guidance;
    this.noise = noise;
    this.kept = kept;
    this.remembered = remembered;
  }

  /** {@code ofState x + sum_k ofRemembered[k] m_k + ofNoise z}: m_k of age k, z standard normal. */
  static Combination move(double ofState, double ofNoise, double... ofRemembered) {
    return new Combination(ofState, 0, 0, 0, ofNoise, 0, ofRemembered.clone());
  }

  Combination plus(Combination other) {
    double[] sums = Arrays.copyOf(remembered, Math.max(remembered.length, other.remembered.length));
    for (int age = 0; age < other.remembered.length; age++) {
      sums[age] += other.remembered[age];
    }
    return new Combination(
        state + other.state,
        prediction + other.prediction,
        sample + other.sample,
        guidance + other.guidance,
        noise + other.noise,
        kept + other.kept,
        sums);
  }

  Combination times(double factor) {
    return new Combination(
        product(state, factor),
        product(prediction, factor),
        product(sample, factor),
        product(guidance, factor),
        product(noise, factor),
        product(kept, factor),
        Arrays.stream(remembered).map(own -> product(own, factor)).toArray());
  }

  /** What does not take part does not, whatever the factor. */
  private static double product(double own, double factor) {
    return own == 0 ? 0 : own * factor;
  }

  /** The same with another combination in the place of x. */
  Combination from(Combination base) {
    return new Combination(0, prediction, sample, guidance, noise, kept, remembered)
        .plus(base.times(state));
  }

  /** The same of the newest few of what is remembered alone. */
  Combination ofNewest(int count) {
    return new Combination(
        state, prediction, sample, guidance, noise, kept, Arrays.copyOf(remembered, count));
  }

  /**
   * The factor of a term.
   *
   * @param term not null
   * @return finite; 0 where it does not take part
   */
  public double of(Term term) {
    return switch (term) {
      case STATE -> state;
      case PREDICTION -> prediction;
      case SAMPLE -> sample;
      case GUIDANCE -> guidance;
      case NOISE -> noise;
      case KEPT -> kept;
    };
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
