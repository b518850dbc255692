package io.github.cpsample.diffusion;

import java.util.Arrays;

/**
 * The exponential integrators of the DPM-Solver family, in {@code lambda = log(alpha / spread)},
 * with {@code h = lambda' - lambda}. Each gives the weights of {@code x' = w x + w_0 D_0 + w_1 D_1
 * + w_2 D_2 + w_z z}, where D_k is h^k times the k-th derivative of what the solver computes with.
 */
public enum DpmAlgorithm {
  /** DPM-Solver++: integrates the predicted image (Lu et al. 2022, arXiv 2211.01095). */
  DPMSOLVER_PLUS_PLUS("dpmsolver++", SolverSpace.SAMPLE) {
    @Override
    Weights weights(NoiseLevel from, NoiseLevel to) {
      double h = to.lambda - from.lambda;
      double decay = Math.expm1(-h);
      return new Weights(
          to.spread / from.spread,
          -to.alpha * decay,
          to.alpha * (decay / h + 1),
          to.alpha * (0.5 - (decay + h) / (h * h)),
          0);
    }
  },
  /** DPM-Solver: integrates the predicted noise (Lu et al. 2022, arXiv 2206.00927). */
  DPMSOLVER("dpmsolver", SolverSpace.EPSILON) {
    @Override
    Weights weights(NoiseLevel from, NoiseLevel to) {
      double h = to.lambda - from.lambda;
      double growth = Math.expm1(h);
      return new Weights(
          to.alpha / from.alpha,
          to.spread - to.alpha * from.sigma,
          -to.spread * (growth / h - 1),
          -to.spread * ((growth - h) / (h * h) - 0.5),
          0);
    }
  },
  /** The stochastic DPM-Solver++ (arXiv 2211.01095, section 5). */
  SDE_DPMSOLVER_PLUS_PLUS("sde-dpmsolver++", SolverSpace.SAMPLE) {
    @Override
    Weights weights(NoiseLevel from, NoiseLevel to) {
      double h = to.lambda - from.lambda;
      double decay = Math.expm1(-2 * h);
      return new Weights(
          to.spread / from.spread * Math.exp(-h),
          -to.alpha * decay,
          to.alpha * (decay / (2 * h) + 1),
          to.alpha * (0.5 - (decay + 2 * h) / (4 * h * h)),
          to.spread * Math.sqrt(-decay));
    }
  },
  /** The stochastic DPM-Solver (arXiv 2211.01095, section 5); of order 1 and 2. */
  SDE_DPMSOLVER("sde-dpmsolver", SolverSpace.EPSILON) {
    @Override
    Weights weights(NoiseLevel from, NoiseLevel to) {
      double h = to.lambda - from.lambda;
      double growth = Math.expm1(h);
      return new Weights(
          to.alpha / from.alpha,
          2 * (to.spread - to.alpha * from.sigma),
          -2 * to.spread * (growth / h - 1),
          -2 * to.spread * ((growth - h) / (h * h) - 0.5),
          to.spread * Math.sqrt(Math.expm1(2 * h)));
    }
  };

  /**
   * The weights of one move; those of derivatives are not finite where the move ends at sigma 0.
   */
  record Weights(double state, double value, double first, double second, double noise) {}

  private final String jsonName;
  private final SolverSpace space;

  DpmAlgorithm(String jsonName, SolverSpace space) {
    this.jsonName = jsonName;
    this.space = space;
  }

  abstract Weights weights(NoiseLevel from, NoiseLevel to);

  SolverSpace space() {
    return space;
  }

  /** Whether each step adds noise. */
  boolean stochastic() {
    return this == SDE_DPMSOLVER || this == SDE_DPMSOLVER_PLUS_PLUS;
  }

  /**
   * The name that scheduler_config.json uses.
   *
   * @return for example {@code dpmsolver++}
   */
  public String jsonName() {
    return jsonName;
  }

  /**
   * Finds an algorithm by name.
   *
   * @param name for example {@code dpmsolver++}
   * @return the algorithm
   * @throws IllegalArgumentException if there is no such algorithm
   */
  public static DpmAlgorithm ofJsonName(String name) {
    return Arrays.stream(values())
        .filter(algorithm -> algorithm.jsonName.equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "algorithm: expected dpmsolver++, dpmsolver, sde-dpmsolver++ or sde-dpmsolver,"
                        + " found "
                        + name));
  }
}
