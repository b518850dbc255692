package io.github.cpsample.diffusion;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * Settings of Euler's method in sigma space (Karras et al. 2022, algorithm 2 without churn).
 *
 * @param levels which noise levels are visited
 */
public record EulerConfig(SolverSteps levels) implements SamplerConfig {
  /** The sampler's name. */
  public static final String KIND = "euler";

  /**
   * Checks that nothing is missing.
   *
   * @param levels which noise levels are visited
   */
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
    SigmaSpace space = new SigmaSpace(levels, schedule);
    Timeline line = space.line();
    List<SamplerStep> plan = new ArrayList<>();
    for (int i = 0; i < line.steps(); i++) {
      NoiseLevel level = line.at(i);
      GuidedOutput output = new GuidedOutput(predictionType, SampleClipping.none(), level.abar());
      Move move = new Move(1, 0, line.at(i + 1).sigma - level.sigma);
      plan.add(new SolverStep(level, output, SolverSpace.EPSILON, space.move(level, i + 1, move)));
    }
    return space.sampler(KIND, plan, new SamplerMemory(1, 0));
  }
}
