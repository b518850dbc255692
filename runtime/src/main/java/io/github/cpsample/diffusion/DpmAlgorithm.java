package io.github.cpsample.diffusion;

import java.util.Arrays;

/**
 * The exponential integrators of the DPM-Solver family, in {@code lambda = log(alpha / spread)},
 * with {@code h = lambda' - lambda}. Each gives the weights of {@code x' = w x + w_0 D_0 + w_1 D_1
 * + w_2 D_2 + w_z z}, where D_k is h^k times the k-th derivative of what the solver computes with.
 */
public enum DpmAlgorithm {
  /** DPM-Solver++: integrates the predicted image (Lu et al. 2022, arXiv 2211.01095). */
  DPMSOLVER_PLUS_PLUS("dpmsolver++", true) {
    @Override
    Weights weights(NoiseLevel from, NoiseLevel to) {
      double h = to.lambda() - from.lambda();
      double decay = Math.expm1(-h);
      return new Weights(
          to.spread() / from.spread(),
          -to.signal() * decay,
          to.signal() * (decay / h + 1),
          to.signal() * (0.5 - (decay + h) / (h * h)),
          0);
    }
  },
  /** DPM-Solver: integrates the predicted noise (Lu et al. 2022, arXiv 2206.00927). */
  DPMSOLVER("dpmsolver", false) {
    @Override
    Weights weights(NoiseLevel from, NoiseLevel to) {
      double h = to.lambda() - from.lambda();
      double growth = Math.expm1(h);
      return new Weights(
          to.signal() / from.signal(),
          to.spread() - to.signal() * from.sigma(),
          -to.spread() * (growth / h - 1),
          -to.spread() * ((growth - h) / (h * h) - 0.5),
          0);
    }
  },
  /** The stochastic DPM-Solver++ (arXiv 2211.01095, section 5). */
  SDE_DPMSOLVER_PLUS_PLUS("sde-dpmsolver++", true) {
    @Override
    Weights weights(NoiseLevel from, NoiseLevel to) {
      double h = to.lambda() - from.lambda();
      double decay = Math.expm1(-2 * h);
      return new Weights(
          to.spread() / from.spread() * Math.exp(-h),
          -to.signal() * decay,
          to.signal() * (decay / (2 * h) + 1),
          to.signal() * (0.5 - (decay + 2 * h) / (4 * h * h)),
          to.spread() * Math.sqrt(-decay));
    }
  },
  /** The stochastic DPM-Solver (arXiv 2211.01095, section 5); of order 1 and 2. */
  SDE_DPMSOLVER("sde-dpmsolver", false) {
    @Override
    Weights weights(NoiseLevel from, NoiseLevel to) {
      double h = to.lambda() - from.lambda();
      double growth = Math.expm1(h);
      return new Weights(
          to.signal() / from.signal(),
          2 * (to.spread() - to.signal() * from.sigma()),
          -2 * to.spread() * (growth / h - 1),
          -2 * to.spread() * ((growth - h) / (h * h) - 0.5),
          to.spread() * Math.sqrt(Math.expm1(2 * h)));
    }
  };

  /**
   * The weights of one move; those of derivatives are not finite where the move ends at sigma 0.
   */
  record Weights(double state, double value, double first, double second, double noise) {}

  private final String jsonName;
  private final boolean ofSample;

  DpmAlgorithm(String jsonName, boolean ofSample) {
    this.jsonName = jsonName;
    this.ofSample = ofSample;
  }

  abstract Weights weights(NoiseLevel from, NoiseLevel to);

  /** Whether the predicted image is integrated, else the predicted noise. */
  boolean ofSample() {
    return ofSample;
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
