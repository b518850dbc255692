package io.github.cpsample.diffusion;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * Settings of the multistep DPM-Solver and DPM-Solver++ (Lu et al. 2022, arXiv 2206.00927 and
 * 2211.01095), deterministic or stochastic.
 *
 * @param levels which noise levels are visited
 * @param order how many outputs a step combines, 1 to 3; fewer where fewer are remembered
 * @param algorithm what is integrated, and whether noise is added
 * @param type how the second order weighs the first derivative
 * @param lowerOrderFinal whether the last two of fewer than 15 steps are of order 2 and 1
 * @param eulerAtFinal whether the last step is of order 1 in any case
 * @param clipping how the predicted image is bounded
 */
public record DpmMultistepConfig(
    SolverSteps levels,
    int order,
    DpmAlgorithm algorithm,
    DpmSolverType type,
    boolean lowerOrderFinal,
    boolean eulerAtFinal,
    SampleClipping clipping)
    implements SamplerConfig {

  /** The sampler's name. */
  public static final String KIND = "dpmsolver-multistep";

  /** With fewer steps than this, {@code lowerOrderFinal} takes effect. */
  private static final int FEW_STEPS = 15;

  /**
   * Checks the ranges.
   *
   * @param levels which noise levels are visited
   * @param order 1 to 3; at most 2 for {@link DpmAlgorithm#SDE_DPMSOLVER}
   * @param algorithm what is integrated; only the two that integrate the image end at {@link
   *     FinalSigma#ZERO}
   * @param type how the second order weighs the first derivative
   * @param lowerOrderFinal whether the last of few steps are of lower order
   * @param eulerAtFinal whether the last step is of order 1
   * @param clipping how the predicted image is bounded
   */
  public DpmMultistepConfig {
    Objects.requireNonNull(type, "type");
    Objects.requireNonNull(clipping, "clipping");
    requireOrder(order, algorithm == DpmAlgorithm.SDE_DPMSOLVER ? 2 : 3);
    requireEnd(algorithm, levels);
  }

  /** The end of the solvers that integrate noise, whose weights grow without bound at sigma 0. */
  static void requireEnd(DpmAlgorithm algorithm, SolverSteps levels) {
    if (algorithm.space() == SolverSpace.EPSILON && levels.end() == FinalSigma.ZERO) {
      throw new IllegalArgumentException(
          "final sigma: expected sigma_min for algorithm "
              + algorithm.jsonName()
              + ", found zero; use sigma_min, or "
              + (algorithm.stochastic() ? "sde-" : "")
              + "dpmsolver++");
    }
  }

  static void requireOrder(int order, int greatest) {
    if (order < 1 || order > greatest) {
      throw new IllegalArgumentException("order: expected 1 to " + greatest + ", found " + order);
    }
  }

  /** The greatest order of a step when the last of few steps are of lower order. */
  static int orderAt(int index, int steps, int order, boolean lowerOrderFinal) {
    return lowerOrderFinal && steps < FEW_STEPS ? Math.min(order, steps - index) : order;
  }

  /**
   * DPM-Solver++ as is usual: midpoint, lower order at the end, no bound of predicted images.
   *
   * @param steps at least 1
   * @param order 1 to 3
   * @return the settings
   */
  public static DpmMultistepConfig of(int steps, int order) {
    return new DpmMultistepConfig(
        SolverSteps.of(steps),
        order,
        DpmAlgorithm.DPMSOLVER_PLUS_PLUS,
        DpmSolverType.MIDPOINT,
        true,
        false,
        SampleClipping.none());
  }

  @Override
  public String kind() {
    return KIND;
  }

  @Override
  public Sampler create(NoiseSchedule schedule, PredictionType predictionType) {
    Timeline line = levels.wholeTimesteps(schedule);
    DpmMultistep solver = new DpmMultistep(algorithm, type);
    List<SamplerStep> plan = new ArrayList<>();
    for (int i = 0; i < line.steps(); i++) {
      boolean single = eulerAtFinal && line.isLast(i);
      int reach = single ? 1 : orderAt(i, line.steps(), order, lowerOrderFinal);
      NoiseLevel level = line.at(i);
      GuidedOutput output = new GuidedOutput(predictionType, clipping, level.abar());
      Move[] moves = solver.moves(line.history(i, reach), line.at(i + 1));
      plan.add(new SolverStep(level, output, algorithm.space(), moves));
    }
    return new Sampler(KIND, plan, new SamplerMemory(order, 0), 1);
  }
}
