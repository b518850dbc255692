package io.github.cpsample.diffusion;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * Settings of the linear multistep method in sigma space: Adams and Bashforth's method for the
 * unequal intervals of {@code dx/dsigma = epsilon}.
 *
 * @param levels which noise levels are visited
 * @param order how many derivatives a step combines, 1 to 4; fewer at the beginning
 */
record LmsConfig(SolverSteps levels, int order) implements SamplerConfig {
  /** The sampler's name. */
  public static final String KIND = "lms";

  /** The order that is usual. */
  public static final int USUAL_ORDER = 4;

  /** Nodes in [-1, 1] and weights of Gauss and Legendre, exact up to the fifth power. */
  private static final double[] NODES = {-Math.sqrt(0.6), 0, Math.sqrt(0.6)};

  private static final double[] WEIGHTS = {5 / 9.0, 8 / 9.0, 5 / 9.0};

  public LmsConfig {
    Objects.requireNonNull(levels, "levels");
    DpmMultistepConfig.requireOrder(order, USUAL_ORDER);
  }

  /**
   * Linspace spacing, ending at a clean image, order 4.
   *
   * @param steps at least 1
   * @return the settings
   */
  public static LmsConfig of(int steps) {
    return new LmsConfig(SolverSteps.of(steps), USUAL_ORDER);
  }

  @Override
  public String kind() {
    return KIND;
  }

  /**
   * Weights follow the step's place in the plan; a trajectory that begins later leaves out those of
   * derivatives that it does not have, as diffusers does.
   */
  @Override
  public Sampler create(NoiseSchedule schedule, PredictionType predictionType) {
    SigmaSpace space = new SigmaSpace(levels, schedule);
    SolverSteps.Timeline line = space.line();
    List<SamplerStep> plan = new ArrayList<>();
    for (int i = 0; i < line.steps(); i++) {
      NoiseLevel level = line.at(i);
      DenoiserOutput output = new DenoiserOutput(predictionType, SampleClipping.none(), level);
      double[] weights = weights(line.history(i, order), line.at(i + 1).sigma());
      Combination full = space.move(level, i + 1, 0, weights);
      Combination[] moves = new Combination[weights.length];
      for (int count = 1; count <= moves.length; count++) {
        moves[count - 1] = full.ofNewest(count);
      }
      plan.add(SamplerStep.multistep(output, output::epsilon, moves));
    }
    return space.sampler(KIND, plan);
  }

  private static double[] weights(NoiseLevel[] past, double to) {
    double middle = (past[0].sigma() + to) / 2;
    double half = (to - past[0].sigma()) / 2;
    double[] weights = new double[past.length];
    for (int k = 0; k < past.length; k++) {
      for (int node = 0; node < NODES.length; node++) {
        weights[k] += half * WEIGHTS[node] * basis(past, k, middle + half * NODES[node]);
      }
    }
    return weights;
  }

  /** Lagrange's polynomial that is 1 at level k and 0 at the others. */
  private static double basis(NoiseLevel[] past, int k, double sigma) {
    double product = 1;
    for (int j = 0; j < past.length; j++) {
      if (j != k) {
        product *= (sigma - past[j].sigma()) / (past[k].sigma() - past[j].sigma());
      }
    }
    return product;
  }
}
