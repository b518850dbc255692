package io.github.cpsample.diffusion;

import java.util.Objects;

/**
 * Settings of Euler's method in sigma space (Karras et al. 2022, algorithm 2 without churn).
 *
 * @param levels which noise levels are visited
 */
record EulerConfig(SolverSteps levels) implements SamplerConfig {
  /** The sampler's name. */
  public static final String KIND = "euler";

  public EulerConfig {
    Objects.requireNonNull(levels, "levels");
  }

  /**
   * Linspace spacing, ending at a clean image.
   *
   * @param steps at least 1
   * @return the settings
   */
  public static EulerConfig of(int steps) {
    return new EulerConfig(SolverSteps.of(steps));
  }

  @Override
  public String kind() {
    return KIND;
  }

  @Override
  public Sampler create(NoiseSchedule schedule, PredictionType predictionType) {
    return new SigmaSpace(levels, schedule)
        .onePredictionEach(
            KIND,
            predictionType,
            (from, to) -> new SigmaSpace.Weights(0, to.sigma() - from.sigma()));
  }
}
