package io.github.cpsample.diffusion;

import io.github.cpsample.base.Checks;
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
record DpmMultistepConfig(
    SolverSteps levels,
    int order,
    Algorithm algorithm,
    SolverType type,
    boolean lowerOrderFinal,
    boolean eulerAtFinal,
    SampleClipping clipping)
    implements SamplerConfig {

  /** The sampler's name. */
  public static final String KIND = "dpmsolver-multistep";

  /** With fewer steps than this, {@code lowerOrderFinal} takes effect. */
  private static final int FEW_STEPS = 15;

  public DpmMultistepConfig {
    Objects.requireNonNull(type, "type");
    Objects.requireNonNull(clipping, "clipping");
    requireOrder(order, algorithm == Algorithm.SDE_DPMSOLVER ? 2 : 3);
    requireEnd(algorithm, levels);
  }

  /** The end of the solvers that integrate noise, whose weights grow without bound at sigma 0. */
  static void requireEnd(Algorithm algorithm, SolverSteps levels) {
    if (!algorithm.ofSample() && levels.end() == SolverSteps.End.ZERO) {
      throw new IllegalArgumentException(
          "final sigma: expected sigma_min for algorithm "
              + algorithm.jsonName()
              + ", found zero; use sigma_min, or "
              + (algorithm.stochastic() ? "sde-" : "")
              + "dpmsolver++");
    }
  }

  static void requireOrder(int order, int greatest) {
    Checks.argument(order >= 1 && order <= greatest, "order", "1 to " + greatest, order);
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
        Algorithm.DPMSOLVER_PLUS_PLUS,
        SolverType.MIDPOINT,
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
    SolverSteps.Timeline line = levels.wholeTimesteps(schedule);
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
    Algorithm.Weights w = algorithm.weights(past[0], to);
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

  private static Combination third(NoiseLevel[] past, double h, Algorithm.Weights w) {
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

  /**
   * The exponential integrators of the DPM-Solver family, in {@code lambda = log(alpha / spread)},
   * with {@code h = lambda' - lambda}. Each gives the weights of {@code x' = w x + w_0 D_0 + w_1
   * D_1 + w_2 D_2 + w_z z}, where D_k is h^k times the k-th derivative of what the solver computes
   * with.
   */
  public enum Algorithm {
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

    Algorithm(String jsonName, boolean ofSample) {
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
    public static Algorithm ofJsonName(String name) {
      return Checks.named("algorithm", values(), algorithm -> algorithm.jsonName, name);
    }
  }

  /** How a second-order DPM-Solver weighs the first derivative. */
  public enum SolverType {
    /** By half the weight of the value. */
    MIDPOINT("midpoint"),
    /** By the exact integral. */
    HEUN("heun");

    private final String jsonName;

    SolverType(String jsonName) {
      this.jsonName = jsonName;
    }

    double ofFirst(DpmMultistepConfig.Algorithm.Weights weights) {
      return this == MIDPOINT ? weights.value() / 2 : weights.first();
    }

    /**
     * The name that scheduler_config.json uses.
     *
     * @return {@code midpoint} or {@code heun}
     */
    public String jsonName() {
      return jsonName;
    }

    /**
     * Finds a type by name.
     *
     * @param name {@code midpoint} or {@code heun}
     * @return the type
     * @throws IllegalArgumentException if there is no such type
     */
    public static SolverType ofJsonName(String name) {
      return Checks.named("solver type", values(), type -> type.jsonName, name);
    }
  }
}
