package io.github.cpsample.diffusion;

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
public record SolverSteps(
    int steps,
    TimestepSpacing spacing,
    int stepsOffset,
    SigmaSpacing sigmas,
    FinalSigma end,
    double leastLambda) {

  /**
   * Checks the ranges.
   *
   * @param steps at least 1
   * @param spacing how timesteps are chosen
   * @param stepsOffset at least 0
   * @param sigmas how noise levels are chosen
   * @param end where the trajectory ends
   * @param leastLambda a number or negative infinity
   */
  public SolverSteps {
    if (steps < 1) {
      throw new IllegalArgumentException("steps: expected at least 1, found " + steps);
    }
    if (stepsOffset < 0) {
      throw new IllegalArgumentException("stepsOffset: expected at least 0, found " + stepsOffset);
    }
    if (!(leastLambda < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException(
          "leastLambda: expected a number or negative infinity, found " + leastLambda);
    }
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
        FinalSigma.ZERO,
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
  public SolverSteps withEnd(FinalSigma newEnd) {
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
}
