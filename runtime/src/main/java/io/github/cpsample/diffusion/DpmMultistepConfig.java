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
    if (!algorithm.ofSample() && levels.end() == FinalSigma.ZERO) {
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
    List<SamplerStep> plan = new ArrayList<>();
    for (int i = 0; i < line.steps(); i++) {
      boolean single = eulerAtFinal && line.isLast(i);
      int reach = single ? 1 : orderAt(i, line.steps(), order, lowerOrderFinal);
      NoiseLevel level = line.at(i);
      DenoiserOutput output = new DenoiserOutput(predictionType, clipping, level);
      plan.add(
          SamplerStep.multistep(
              output,
              guided -> output.predicted(algorithm.ofSample(), guided),
              moves(line.history(i, reach), line.at(i + 1))));
    }
    return new Sampler(KIND, plan);
  }

  /**
   * The moves from the newest level of a history for one remembered output, two, and so on.
   * Derivatives are differences of remembered outputs (Lu et al. 2022, arXiv 2211.01095, algorithm
   * 2 and appendix). With three outputs the second derivative enters by half of its weight in
   * Taylor's series, as the authors published it and diffusers has it: such trajectories converge
   * with order 2.
   *
   * @param past the levels of the remembered outputs, newest first; their number is the order
   */
  private Combination[] moves(NoiseLevel[] past, NoiseLevel to) {
    Combination[] moves = new Combination[past.length];
    for (int order = 1; order <= past.length; order++) {
      moves[order - 1] = move(past, to, order);
    }
    return moves;
  }

  private Combination move(NoiseLevel[] past, NoiseLevel to, int order) {
    if (past[0].sigma() == to.sigma()) {
      return Combination.STATE;
    }
    DpmAlgorithm.Weights w = algorithm.weights(past[0], to);
    int usable = to.sigma() == 0 ? 1 : distinct(past, order);
    double h = to.lambda() - past[0].lambda();
    return switch (usable) {
      case 1 -> Combination.move(w.state(), w.noise(), w.value());
      case 2 -> {
        double slope = type.ofFirst(w) * h / (past[0].lambda() - past[1].lambda());
        yield Combination.move(w.state(), w.noise(), w.value() + slope, -slope);
      }
      default -> third(past, h, w);
    };
  }

  private static Combination third(NoiseLevel[] past, double h, DpmAlgorithm.Weights w) {
    double r0 = (past[0].lambda() - past[1].lambda()) / h;
    double r1 = (past[1].lambda() - past[2].lambda()) / h;
    double newer = (w.first() * (1 + r0 / (r0 + r1)) + w.second() / (r0 + r1)) / r0;
    double older = (-w.first() * r0 / (r0 + r1) - w.second() / (r0 + r1)) / r1;
    return Combination.move(w.state(), w.noise(), w.value() + newer, older - newer, -older);
  }

  /** How many of the newest levels differ from each other; differences need that. */
  private static int distinct(NoiseLevel[] past, int order) {
    int count = 1;
    while (count < order && past[count].sigma() != past[count - 1].sigma()) {
      count++;
    }
    return count;
  }
}
