package io.github.cpsample.diffusion;

import java.util.Arrays;

/**
 * The variance of a DDPM step: fixed (Ho, Jain and Abbeel 2020, section 3.2) or given by the
 * denoiser for each value (Nichol and Dhariwal 2021, equation 15).
 */
public enum DdpmVariance {
  /** The posterior variance {@code (1 - abar') / (1 - abar) beta}, at least 1e-20. */
  FIXED_SMALL("fixed_small") {
    @Override
    double of(double abar, double nextAbar) {
      return Math.max(1e-20, (1 - nextAbar) / (1 - abar) * (1 - abar / nextAbar));
    }
  },
  /** The variance {@code beta} of the forward step. */
  FIXED_LARGE("fixed_large") {
    @Override
    double of(double abar, double nextAbar) {
      return 1 - abar / nextAbar;
    }
  },
  /** The denoiser gives the variance itself, in the second half of its channels. */
  LEARNED("learned") {
    @Override
    double of(double abar, double nextAbar) {
      return FIXED_SMALL.of(abar, nextAbar);
    }

    @Override
    double learned(double output, double small, double large) {
      return output;
    }
  },
  /**
   * The denoiser gives in [-1, 1], in the second half of its channels, where the logarithm of the
   * variance lies between those of the two fixed ones.
   */
  LEARNED_RANGE("learned_range") {
    @Override
    double of(double abar, double nextAbar) {
      return FIXED_SMALL.of(abar, nextAbar);
    }

    @Override
    double learned(double output, double small, double large) {
      double fraction = (output + 1) / 2;
      return Math.exp(fraction * Math.log(large) + (1 - fraction) * Math.log(small));
    }
  };

  private final String jsonName;

  DdpmVariance(String jsonName) {
    this.jsonName = jsonName;
  }

  /** The variance of a move from abar to the next, larger abar'; the least one if it is learned. */
  abstract double of(double abar, double nextAbar);

  /**
   * Whether the denoiser gives the variance.
   *
   * @return true for learned and learned_range
   */
  public boolean isLearned() {
    return this == LEARNED || this == LEARNED_RANGE;
  }

  /** The variance that the denoiser's output means between the two fixed ones. */
  double learned(double output, double small, double large) {
    throw new IllegalStateException(this + " is not learned");
  }

  /**
   * The name used in manifests.
   *
   * @return for example {@code fixed_small}
   */
  public String jsonName() {
    return jsonName;
  }

  /**
   * Finds a variance by the name used in manifests.
   *
   * @param name for example {@code fixed_small}
   * @return the variance
   * @throws IllegalArgumentException if there is no such variance
   */
  public static DdpmVariance ofJsonName(String name) {
    return Arrays.stream(values())
        .filter(variance -> variance.jsonName.equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "varianceType: expected fixed_small, fixed_large, learned or learned_range,"
                        + " found "
                        + name));
  }
}
