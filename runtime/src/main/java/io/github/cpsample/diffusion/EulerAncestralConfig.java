package io.github.cpsample.diffusion;

import java.util.Objects;

/**
 * Settings of Euler's method with ancestral noise: each step goes below its target level and adds
 * noise up to it, with the variance of the DDPM's posterior (Karras et al. 2022, section 4, discuss
 * such samplers).
 *
 * @param levels which noise levels are visited
 */
record EulerAncestralConfig(SolverSteps levels) implements SamplerConfig {
  /** The sampler's name. */
  public static final String KIND = "euler-ancestral";

  public EulerAncestralConfig {
    Objects.requireNonNull(levels, "levels");
  }

  /**
   * Linspace spacing, ending at a clean image.
   *
   * @param steps at least 1
   * @return the settings
   */
  public static EulerAncestralConfig of(int steps) {
    return new EulerAncestralConfig(SolverSteps.of(steps));
  }

  @Override
  public String kind() {
    return KIND;
  }

  @Override
  public Sampler create(NoiseSchedule schedule, PredictionType predictionType) {
    return new SigmaSpace(levels, schedule)
        .onePredictionEach(KIND, predictionType, (from, to) -> weights(from.sigma(), to.sigma()));
  }

  private static SigmaSpace.Weights weights(double from, double to) {
    double added = to / from * Math.sqrt(Math.max(0, from * from - to * to));
    double below = Math.sqrt(Math.max(0, to * to - added * added));
    return new SigmaSpace.Weights(added, below - from);
  }
}
