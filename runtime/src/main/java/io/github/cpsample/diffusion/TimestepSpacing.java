package io.github.cpsample.diffusion;

import java.util.Arrays;

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
    return Arrays.stream(values())
        .filter(spacing -> spacing.jsonName.equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "timestepSpacing: expected leading, linspace or trailing, found " + name));
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
    if (steps < 1 || steps > trainTimesteps) {
      throw new IllegalArgumentException(
          "steps: expected 1 to " + trainTimesteps + " (the training timesteps), found " + steps);
    }
    if (stepsOffset < 0) {
      throw new IllegalArgumentException("stepsOffset: expected at least 0, found " + stepsOffset);
    }
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
