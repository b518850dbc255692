package io.github.cpsample.diffusion;

import io.github.cpsample.base.Checks;

/**
 * How the timesteps of a short trajectory are chosen among the T training timesteps (Lin et al.
 * 2024, table 2).
 */
public enum TimestepSpacing {
  /** {@code i * (T / n)} by whole division, plus the steps offset; starts below T - 1. */
  LEADING("leading"),
  /** {@code n} rounded points equally spaced from 0 to T - 1. */
  LINSPACE("linspace"),
  /** {@code round(T - i T / n) - 1}: starts at T - 1. */
  TRAILING("trailing");

  private final String jsonName;

  TimestepSpacing(String jsonName) {
    this.jsonName = jsonName;
  }

  /**
   * The name used in manifests.
   *
   * @return for example {@code leading}
   */
  public String jsonName() {
    return jsonName;
  }

  /**
   * Finds a spacing by the name used in manifests.
   *
   * @param name for example {@code leading}
   * @return the spacing
   * @throws IllegalArgumentException if there is no such spacing
   */
  public static TimestepSpacing ofJsonName(String name) {
    return Checks.named("timestepSpacing", values(), spacing -> spacing.jsonName, name);
  }

  /**
   * Chooses timesteps, from the noisiest to the cleanest. The distance between timesteps is rounded
   * to double before it is multiplied, and halves are rounded to even, as NumPy does: where a point
   * falls on a half, this decides to which side it goes.
   *
   * @param trainTimesteps the number T of training timesteps
   * @param steps the number n of steps, in [1, T]
   * @param stepsOffset added to each timestep by {@link #LEADING}, at least 0; the others ignore it
   * @return n strictly decreasing timesteps in [0, T - 1]
   * @throws IllegalArgumentException if n or the offset does not fit T
   */
  public int[] timesteps(int trainTimesteps, int steps, int stepsOffset) {
    Checks.argument(
        steps >= 1 && steps <= trainTimesteps,
        "steps",
        "1 to " + trainTimesteps + " (the training timesteps)",
        steps);
    Checks.atLeast("stepsOffset", stepsOffset, 0);
    int[] timesteps = new int[steps];
    for (int i = 0; i < steps; i++) {
      timesteps[i] = timestep(trainTimesteps, steps, stepsOffset, i);
    }
    if (timesteps[0] >= trainTimesteps) {
      throw new IllegalArgumentException(
          "stepsOffset: the first of "
              + steps
              + " steps falls on timestep "
              + timesteps[0]
              + ", expected at most "
              + (trainTimesteps - 1)
              + "; use a smaller offset or fewer steps");
    }
    return timesteps;
  }

  /**
   * Timesteps of a plan in sigma space: {@link #LINSPACE} does not round, the others are as {@link
   * #timesteps} chooses them.
   */
  double[] fractional(int trainTimesteps, int steps, int stepsOffset) {
    int[] whole = timesteps(trainTimesteps, steps, stepsOffset);
    double[] timesteps = new double[steps];
    double distance = (trainTimesteps - 1.0) / (steps - 1);
    for (int i = 0; i < steps; i++) {
      boolean between = this == LINSPACE && i > 0 && i < steps - 1;
      timesteps[i] = between ? (steps - 1 - i) * distance : whole[i];
    }
    return timesteps;
  }

  /**
   * Timesteps of a solver whose n steps are the intervals between n + 1 points, the last of which
   * is the end and no timestep of the plan (DPM-Solver, UniPC, DEIS). Timesteps may repeat where n
   * is close to T.
   *
   * @param usable the number of timesteps to choose from, the first ones of T
   */
  int[] intervals(int trainTimesteps, int usable, int steps, int stepsOffset) {
    Checks.argument(
        steps <= trainTimesteps && usable >= 2,
        "steps",
        "at most "
            + trainTimesteps
            + " (the training timesteps), and at least 2 timesteps to choose from",
        steps + " and " + usable);
    int[] timesteps =
        new int[this == TRAILING ? trailingCount(trainTimesteps, usable, steps) : steps];
    for (int i = 0; i < timesteps.length; i++) {
      timesteps[i] =
          interval(trainTimesteps, usable, steps, i) + (this == LEADING ? stepsOffset : 0);
    }
    if (timesteps[0] >= trainTimesteps || (this == LEADING && usable / (steps + 1) == 0)) {
      throw new IllegalArgumentException(
          "steps and stepsOffset: expected leading timesteps that decrease from at most "
              + (trainTimesteps - 1)
              + ", found "
              + steps
              + " steps from "
              + timesteps[0]
              + "; use fewer steps or a smaller offset");
    }
    return timesteps;
  }

  private static int trailingCount(int trainTimesteps, int usable, int steps) {
    return usable == trainTimesteps
        ? steps
        : (int) Math.ceil(usable / (trainTimesteps / (double) steps));
  }

  private int interval(int trainTimesteps, int usable, int steps, int index) {
    return switch (this) {
      case LEADING -> (steps - index) * (usable / (steps + 1));
      case LINSPACE -> (int) Math.rint((steps - index) * ((usable - 1.0) / steps));
      case TRAILING -> {
        double distance = usable - (usable - trainTimesteps / (double) steps);
        yield (int) Math.rint(usable - index * distance) - 1;
      }
    };
  }

  private int timestep(int trainTimesteps, int steps, int stepsOffset, int index) {
    return switch (this) {
      case LEADING -> (steps - 1 - index) * (trainTimesteps / steps) + stepsOffset;
      case LINSPACE ->
          steps == 1
              ? 0
              : (int) Math.rint((steps - 1 - index) * ((trainTimesteps - 1.0) / (steps - 1)));
      case TRAILING -> {
        double distance = trainTimesteps - (trainTimesteps - trainTimesteps / (double) steps);
        yield (int) Math.rint(trainTimesteps - index * distance) - 1;
      }
    };
  }
}
