package io.github.cpsample.diffusion;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * Settings of DEIS, the multistep method of Zhang and Chen (2023, arXiv 2204.13902) with
 * polynomials in log rho.
 *
 * @param levels which noise levels are visited
 * @param order how many outputs a step combines, 1 to 3; fewer where fewer are remembered
 * @param lowerOrderFinal whether the last two of fewer than 15 steps are of order 2 and 1
 * @param clipping how the predicted image is bounded
 */
public record DeisConfig(
    SolverSteps levels, int order, boolean lowerOrderFinal, SampleClipping clipping)
    implements SamplerConfig {

  /** The sampler's name. */
  public static final String KIND = "deis";

  /**
   * Checks the ranges.
   *
   * @param levels which noise levels are visited
   * @param order 1 to 3
   * @param lowerOrderFinal whether the last of few steps are of lower order
   * @param clipping how the predicted image is bounded
   */
  public DeisConfig {
    Objects.requireNonNull(levels, "levels");
    Objects.requireNonNull(clipping, "clipping");
    DpmMultistepConfig.requireOrder(order, 3);
  }

  /**
   * As is usual: ending at the level of timestep 0, lower order at the end, no bound of images.
   *
   * @param steps at least 1
   * @param order 1 to 3
   * @return the settings
   */
  public static DeisConfig of(int steps, int order) {
    SolverSteps levels = SolverSteps.of(steps).withEnd(FinalSigma.SIGMA_MIN);
    return new DeisConfig(levels, order, true, SampleClipping.none());
  }

  @Override
  public String kind() {
    return KIND;
  }

  @Override
  public Sampler create(NoiseSchedule schedule, PredictionType predictionType) {
    Timeline line = levels.wholeTimesteps(schedule);
    List<SamplerStep> plan = new ArrayList<>();
    for (int i = 0; i < line.steps(); i++) {
      int reach = DpmMultistepConfig.orderAt(i, line.steps(), order, lowerOrderFinal);
      NoiseLevel level = line.at(i);
      GuidedOutput output = new GuidedOutput(predictionType, clipping, level.abar());
      Move[] moves = DeisMultistep.moves(line.history(i, reach), line.at(i + 1));
      plan.add(new SolverStep(level, output, SolverSpace.EPSILON, moves));
    }
    return new Sampler(KIND, plan, new SamplerMemory(order, 0), 1);
  }
}
