package io.github.cpsample.diffusion;

import io.github.cpsample.base.Checks;
import java.util.ArrayList;
import java.util.Collections;
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
 *     SolverSteps.End#ZERO}
 * @param clipping how the predicted image is bounded
 */
record DpmSinglestepConfig(
    SolverSteps levels,
    int order,
    DpmMultistepConfig.Algorithm algorithm,
    DpmMultistepConfig.SolverType type,
    boolean lowerOrderFinal,
    SampleClipping clipping)
    implements SamplerConfig {

  /** The sampler's name. */
  public static final String KIND = "dpmsolver-singlestep";

  public DpmSinglestepConfig {
    Objects.requireNonNull(type, "type");
    Objects.requireNonNull(clipping, "clipping");
    DpmMultistepConfig.requireOrder(order, algorithm.stochastic() ? 2 : 3);
    DpmMultistepConfig.requireEnd(algorithm, levels);
    Checks.argument(
        levels.spacing() == TimestepSpacing.LINSPACE,
        "spacing",
        "linspace for " + KIND,
        levels.spacing().jsonName());
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
        DpmMultistepConfig.Algorithm.DPMSOLVER_PLUS_PLUS,
        DpmMultistepConfig.SolverType.MIDPOINT,
        true,
        SampleClipping.none());
  }

  @Override
  public String kind() {
    return KIND;
  }

  @Override
  public Sampler create(NoiseSchedule schedule, PredictionType predictionType) {
    SolverSteps.Timeline line = levels.wholeTimesteps(schedule);
    int[] orders = orders(line.steps());
    List<SamplerStep> plan = new ArrayList<>();
    for (int i = 0; i < line.steps(); i++) {
      NoiseLevel level = line.at(i);
      DenoiserOutput output = new DenoiserOutput(predictionType, clipping, level);
      SamplerStep.Move alone = SamplerStep.Move.ofState(move(line.history(i, 1), line.at(i + 1)));
      List<SamplerStep.Move> moves = new ArrayList<>(Collections.nCopies(orders[i], alone));
      if (orders[i] > 1) {
        Combination move = move(line.history(i, orders[i]), line.at(i + 1));
        moves.set(orders[i] - 1, new SamplerStep.Move(Combination.KEPT, move));
      }
      plan.add(
          SamplerStep.solver(
              output, guided -> output.predicted(algorithm.ofSample(), guided), moves));
    }
    return new Sampler(KIND, plan);
  }

  /** The number of outputs that each step combines: 1, 2, ... up to the order, over and over. */
  private int[] orders(int steps) {
    int[] orders = new int[steps];
    for (int i = 0; i < steps; i++) {
      orders[i] = i % order + 1;
    }
    boolean even = steps % order == 0;
    if (levels.end() == SolverSteps.End.ZERO || (lowerOrderFinal && even)) {
      orders[steps - 1] = 1;
    }
    return orders;
  }

  /**
   * The move by the outputs so far: derivatives are differences of the outputs within an interval,
   * and every move starts at the beginning of the interval (Lu et al. 2022, arXiv 2211.01095,
   * algorithm 1). Where too few outputs are remembered, a step begins a new interval.
   *
   * @param past the levels of the interval so far, newest first; the last one is its beginning
   */
  private Combination move(NoiseLevel[] past, NoiseLevel to) {
    NoiseLevel from = past[past.length - 1];
    if (from.sigma() == to.sigma()) {
      return Combination.STATE;
    }
    DpmMultistepConfig.Algorithm.Weights w = algorithm.weights(from, to);
    double h = to.lambda() - from.lambda();
    if (past.length == 1 || to.sigma() == 0 || past[past.length - 2].sigma() == from.sigma()) {
      double[] values = new double[past.length];
      values[past.length - 1] = w.value();
      return Combination.move(w.state(), w.noise(), values);
    }
    double r1 = (past[past.length - 2].lambda() - from.lambda()) / h;
    if (past.length == 2) {
      double slope = type.ofFirst(w) / r1;
      return Combination.move(w.state(), w.noise(), slope, w.value() - slope);
    }
    return third(past, h, r1, w);
  }

  private Combination third(
      NoiseLevel[] past, double h, double r1, DpmMultistepConfig.Algorithm.Weights w) {
    double r0 = (past[0].lambda() - past[2].lambda()) / h;
    double ofNewer = w.first() / r0;
    double ofOlder = 0;
    if (type == DpmMultistepConfig.SolverType.HEUN && r0 != r1) {
      ofNewer = (2 * w.second() - w.first() * r1) / (r0 - r1) / r0;
      ofOlder = (w.first() * r0 - 2 * w.second()) / (r0 - r1) / r1;
    }
    double ofFirst = w.value() - ofNewer - ofOlder;
    return Combination.move(w.state(), w.noise(), ofNewer, ofOlder, ofFirst);
  }
}
