package io.github.cpsample.diffusion;

import io.github.cpsample.base.Checks;
import java.util.Objects;
import java.util.function.DoubleUnaryOperator;

/**
 * Which noise levels a solver visits.
 *
 * @param steps the number n of steps, at least 1
 * @param spacing how timesteps are chosen; without effect unless sigmas follow the timesteps
 * @param stepsOffset added to timesteps of leading spacing, at least 0
 * @param sigmas how noise levels are chosen
 * @param end where the trajectory ends
 * @param leastLambda timesteps of a smaller {@code lambda = -log sigma} are left out by solvers of
 *     whole timesteps (DPM-Solver), as squared-cosine schedules need; negative infinity for none
 */
record SolverSteps(
    int steps,
    TimestepSpacing spacing,
    int stepsOffset,
    SigmaSpacing sigmas,
    End end,
    double leastLambda) {

  public SolverSteps {
    Checks.atLeast("steps", steps, 1);
    Checks.atLeast("stepsOffset", stepsOffset, 0);
    Checks.argument(
        leastLambda < Double.POSITIVE_INFINITY,
        "leastLambda",
        "a number or negative infinity",
        leastLambda);
    Objects.requireNonNull(spacing, "spacing");
    Objects.requireNonNull(sigmas, "sigmas");
    Objects.requireNonNull(end, "end");
  }

  /**
   * Linspace spacing, the noise levels of its timesteps, ending at a clean image.
   *
   * @param steps at least 1
   * @return the settings
   */
  public static SolverSteps of(int steps) {
    return new SolverSteps(
        steps,
        TimestepSpacing.LINSPACE,
        0,
        SigmaSpacing.TIMESTEPS,
        End.ZERO,
        Double.NEGATIVE_INFINITY);
  }

  /**
   * The same settings with another number of steps.
   *
   * @param newSteps at least 1
   * @return a copy
   */
  public SolverSteps withSteps(int newSteps) {
    return new SolverSteps(newSteps, spacing, stepsOffset, sigmas, end, leastLambda);
  }

  /**
   * The same settings with another spacing of timesteps.
   *
   * @param newSpacing how timesteps are chosen
   * @param newOffset added to timesteps of leading spacing
   * @return a copy
   */
  public SolverSteps withSpacing(TimestepSpacing newSpacing, int newOffset) {
    return new SolverSteps(steps, newSpacing, newOffset, sigmas, end, leastLambda);
  }

  /**
   * The same settings with another spacing of noise levels.
   *
   * @param newSigmas how noise levels are chosen
   * @return a copy
   */
  public SolverSteps withSigmas(SigmaSpacing newSigmas) {
    return new SolverSteps(steps, spacing, stepsOffset, newSigmas, end, leastLambda);
  }

  /**
   * The same settings with another end.
   *
   * @param newEnd where the trajectory ends
   * @return a copy
   */
  public SolverSteps withEnd(End newEnd) {
    return new SolverSteps(steps, spacing, stepsOffset, sigmas, newEnd, leastLambda);
  }

  /**
   * The same settings with another bound of lambda.
   *
   * @param newLambda a number or negative infinity
   * @return a copy
   */
  public SolverSteps withLeastLambda(double newLambda) {
    return new SolverSteps(steps, spacing, stepsOffset, sigmas, end, newLambda);
  }

  /** The plan of solvers that call the denoiser at whole timesteps: DPM-Solver, UniPC, DEIS. */
  Timeline wholeTimesteps(NoiseSchedule schedule) {
    SigmaTable table = SigmaTable.of(schedule);
    if (sigmas == SigmaSpacing.TIMESTEPS) {
      int usable = table.countAbove(leastLambda);
      int[] timesteps = spacing.intervals(table.trainTimesteps(), usable, steps, stepsOffset);
      NoiseLevel[] levels = new NoiseLevel[timesteps.length];
      for (int i = 0; i < levels.length; i++) {
        levels[i] = NoiseLevel.ofSigma(timesteps[i], table.at(timesteps[i]));
      }
      return new Timeline(levels, end.of(table));
    }
    boolean rounds = sigmas != SigmaSpacing.EXPONENTIAL && !schedule.isSquaredCosine();
    return levels(table, t -> rounds ? Math.rint(t) : Math.floor(t));
  }

  /** The plan of solvers in sigma space, which call the denoiser between timesteps: Euler etc. */
  Timeline fractionalTimesteps(NoiseSchedule schedule) {
    SigmaTable table = SigmaTable.of(schedule);
    if (sigmas != SigmaSpacing.TIMESTEPS) {
      return levels(table, t -> (float) t);
    }
    double[] timesteps = spacing.fractional(table.trainTimesteps(), steps, stepsOffset);
    NoiseLevel[] levels = new NoiseLevel[steps];
    for (int i = 0; i < steps; i++) {
      levels[i] = NoiseLevel.ofSigma((float) timesteps[i], (float) table.at(timesteps[i]));
    }
    return new Timeline(levels, end.of(table));
  }

  private Timeline levels(SigmaTable table, DoubleUnaryOperator rounding) {
    double[] chosen = sigmas.levels(table, steps);
    NoiseLevel[] levels = new NoiseLevel[steps];
    for (int i = 0; i < steps; i++) {
      double timestep = rounding.applyAsDouble(table.timestepOf(chosen[i]));
      levels[i] = NoiseLevel.ofSigma(timestep, (float) chosen[i]);
    }
    return new Timeline(levels, end.of(table));
  }

  /** The noise level at which a trajectory ends. */
  public enum End {
    /** No noise: a clean image. */
    ZERO("zero"),
    /** The level of timestep 0. */
    SIGMA_MIN("sigma_min");

    private final String jsonName;

    End(String jsonName) {
      this.jsonName = jsonName;
    }

    double of(SigmaTable table) {
      return this == ZERO ? 0 : table.least();
    }

    /**
     * The name that scheduler_config.json uses.
     *
     * @return {@code zero} or {@code sigma_min}
     */
    public String jsonName() {
      return jsonName;
    }

    /**
     * Finds an end by name.
     *
     * @param name {@code zero} or {@code sigma_min}
     * @return the end
     * @throws IllegalArgumentException if there is no such end
     */
    public static End ofJsonName(String name) {
      return Checks.named("final sigma", values(), end -> end.jsonName, name);
    }
  }

  /** How the noise levels of a trajectory are chosen. */
  public enum SigmaSpacing {
    /** Those of the timesteps. */
    TIMESTEPS("timesteps") {
      @Override
      double between(double greatest, double least, double fraction) {
        throw new IllegalStateException("timesteps fix their noise levels");
      }
    },
    /** Equally spaced in {@code sigma^(1/7)} (Karras et al. 2022, equation 5). */
    KARRAS("karras") {
      @Override
      double between(double greatest, double least, double fraction) {
        double first = Math.pow(greatest, 1 / RHO);
        double last = Math.pow(least, 1 / RHO);
        return Math.pow(first + fraction * (last - first), RHO);
      }
    },
    /** Equally spaced in log sigma. */
    EXPONENTIAL("exponential") {
      @Override
      double between(double greatest, double least, double fraction) {
        double first = Math.log(greatest);
        return Math.exp(first + fraction * (Math.log(least) - first));
      }
    },
    /**
     * Equally spaced in {@code lambda = -log sigma} (Lu et al. 2022): the levels of {@link
     * #EXPONENTIAL}, but the denoiser is called at the nearest whole timestep where {@link
     * #EXPONENTIAL} rounds down.
     */
    LOG_LINEAR("log-linear") {
      @Override
      double between(double greatest, double least, double fraction) {
        return EXPONENTIAL.between(greatest, least, fraction);
      }
    };

    private static final double RHO = 7;

    private final String jsonName;

    SigmaSpacing(String jsonName) {
      this.jsonName = jsonName;
    }

    /** The level at a fraction of the way from the greatest to the least. */
    abstract double between(double greatest, double least, double fraction);

    /** n levels from the greatest to the least of a table. */
    double[] levels(SigmaTable table, int steps) {
      double[] sigmas = new double[steps];
      for (int i = 0; i < steps; i++) {
        double fraction = steps == 1 ? 0 : i / (steps - 1.0);
        sigmas[i] = between(table.greatest(), table.least(), fraction);
      }
      return sigmas;
    }

    /**
     * The name used on the command line.
     *
     * @return for example {@code karras}
     */
    public String jsonName() {
      return jsonName;
    }

    /**
     * Finds a spacing by name.
     *
     * @param name for example {@code karras}
     * @return the spacing
     * @throws IllegalArgumentException if there is no such spacing
     */
    public static SigmaSpacing ofJsonName(String name) {
      return Checks.named("sigmas", values(), spacing -> spacing.jsonName, name);
    }
  }

  /**
   * The noise levels of a trajectory, from the noisiest to the end, where no denoiser is called.
   */
  static final class Timeline {
    private final NoiseLevel[] levels;

    Timeline(NoiseLevel[] visited, double end) {
      this.levels = new NoiseLevel[visited.length + 1];
      System.arraycopy(visited, 0, levels, 0, visited.length);
      levels[visited.length] = NoiseLevel.ofSigma(0, (float) end);
    }

    /** The number of levels at which the denoiser is called. */
    int steps() {
      return levels.length - 1;
    }

    /** A level; at index {@link #steps} the end. */
    NoiseLevel at(int index) {
      return levels[index];
    }

    boolean isLast(int index) {
      return index == steps() - 1;
    }

    /** The greatest noise level. */
    double greatest() {
      double greatest = 0;
      for (NoiseLevel level : levels) {
        greatest = Math.max(greatest, level.sigma());
      }
      return greatest;
    }

    /** Level {@code index} and those before it, newest first, at most a number of them. */
    NoiseLevel[] history(int index, int count) {
      NoiseLevel[] past = new NoiseLevel[Math.min(count, index + 1)];
      for (int age = 0; age < past.length; age++) {
        past[age] = levels[index - age];
      }
      return past;
    }
  }
}
