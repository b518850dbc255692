package io.github.cpsample.diffusion;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * Settings of the singlestep DPM-Solver and DPM-Solver++ (Lu et al. 2022, arXiv 2206.00927 and
 * 2211.01095): intervals of up to {@code order} calls of the denoiser, each of which counts as a
 * step. Spacing of timesteps is linspace.
 *
 * @param levels which noise levels are visited
 * @param order the number of calls per interval, 1 to 3
 * @param algorithm what is integrated, and whether noise is added
 * @param type how derivatives are weighed
 * @param lowerOrderFinal whether the last intervals are of lower order, so that the last step is of
 *     order 1; always so where the steps are no multiple of the order or the end is {@link
 *     FinalSigma#ZERO}
 * @param clipping how the predicted image is bounded
 */
public record DpmSinglestepConfig(
    SolverSteps levels,
    int order,
    DpmAlgorithm algorithm,
    DpmSolverType type,
    boolean lowerOrderFinal,
    SampleClipping clipping)
    implements SamplerConfig {

  /** The sampler's name. */
  public static final String KIND = "dpmsolver-singlestep";

  /**
   * Checks the ranges.
   *
   * @param levels which noise levels are visited; linspace spacing
   * @param order 1 to 3; at most 2 for stochastic algorithms
   * @param algorithm what is integrated; only the two that integrate the image end at {@link
   *     FinalSigma#ZERO}
   * @param type how derivatives are weighed
   * @param lowerOrderFinal whether the last intervals are of lower order
   * @param clipping how the predicted image is bounded
   */
  public DpmSinglestepConfig {
    Objects.requireNonNull(type, "type");
    Objects.requireNonNull(clipping, "clipping");
    DpmMultistepConfig.requireOrder(order, algorithm.stochastic() ? 2 : 3);
    DpmMultistepConfig.requireEnd(algorithm, levels);
    if (levels.spacing() != TimestepSpacing.LINSPACE) {
      throw new IllegalArgumentException(
          "spacing: expected linspace for " + KIND + ", found " + levels.spacing().jsonName());
    }
  }

  /**
   * DPM-Solver++ 2S: midpoint, no bound of predicted images.
   *
   * @param steps at least 1
   * @param order 1 to 3
   * @return the settings
   */
  public static DpmSinglestepConfig of(int steps, int order) {
    return new DpmSinglestepConfig(
        SolverSteps.of(steps),
        order,
        DpmAlgorithm.DPMSOLVER_PLUS_PLUS,
        DpmSolverType.MIDPOINT,
        true,
        SampleClipping.none());
  }

  @Override
  public String kind() {
    return KIND;
  }

  @Override
  public Sampler create(NoiseSchedule schedule, PredictionType predictionType) {
    Timeline line = levels.wholeTimesteps(schedule);
    DpmSinglestep solver = new DpmSinglestep(algorithm, type);
    int[] orders = orders(line.steps());
    List<SamplerStep> plan = new ArrayList<>();
    for (int i = 0; i < line.steps(); i++) {
      NoiseLevel level = line.at(i);
      GuidedOutput output = new GuidedOutput(predictionType, clipping, level.abar());
      Move alone = solver.move(line.history(i, 1), line.at(i + 1));
      if (orders[i] == 1) {
        plan.add(KeptStep.first(level, output, algorithm.space(), alone));
      } else {
        Move move = solver.move(line.history(i, orders[i]), line.at(i + 1));
        plan.add(KeptStep.later(level, output, algorithm.space(), move, orders[i], alone));
      }
    }
    return new Sampler(KIND, plan, new SamplerMemory(order, 1), 1);
  }

  /** The number of outputs that each step combines: 1, 2, ... up to the order, over and over. */
  private int[] orders(int steps) {
    int[] orders = new int[steps];
    for (int i = 0; i < steps; i++) {
      orders[i] = i % order + 1;
    }
    boolean even = steps % order == 0;
    if (levels.end() == FinalSigma.ZERO || (lowerOrderFinal && even)) {
      orders[steps - 1] = 1;
    }
    return orders;
  }
}
