package io.github.cpsample.diffusion;

import java.util.Arrays;

/** The fixed variance of a DDPM step (Ho, Jain and Abbeel 2020, section 3.2). */
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
  };

  private final String jsonName;

  DdpmVariance(String jsonName) {
    this.jsonName = jsonName;
  }

  /** The variance of a move from abar to the next, larger abar'. */
  abstract double of(double abar, double nextAbar);

  /**
   * The name used in manifests.
   *
   * @return {@code fixed_small} or {@code fixed_large}
   */
  public String jsonName() {
    return jsonName;
  }

  /**
   * Finds a variance by the name used in manifests.
   *
   * @param name {@code fixed_small} or {@code fixed_large}
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
                    "varianceType: expected fixed_small or fixed_large, found " + name));
  }
}
