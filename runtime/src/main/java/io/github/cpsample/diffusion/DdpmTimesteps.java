package io.github.cpsample.diffusion;

import java.util.List;
import java.util.Objects;

/**
 * Which timesteps a DDPM trajectory visits: either a number of them with a spacing, or a list.
 *
 * @param steps the number of steps; 0 where timesteps are listed
 * @param spacing how timesteps are chosen if they are not listed
 * @param stepsOffset added to timesteps of leading spacing, at least 0
 * @param custom strictly decreasing timesteps, or empty; copied
 */
public record DdpmTimesteps(
    int steps, TimestepSpacing spacing, int stepsOffset, List<Integer> custom) {
  /**
   * Checks that exactly one of the two is given.
   *
   * @param steps the number of steps; 0 where timesteps are listed
   * @param spacing how timesteps are chosen if they are not listed
   * @param stepsOffset at least 0
   * @param custom strictly decreasing timesteps, or empty; copied
   */
  public DdpmTimesteps {
    Objects.requireNonNull(spacing, "spacing");
    custom = List.copyOf(custom);
    if (custom.isEmpty() ? steps < 1 : steps != 0) {
      throw new IllegalArgumentException(
          "expected either a positive number of steps or a list of timesteps, found steps "
              + steps
              + " and timesteps "
              + custom);
    }
    if (stepsOffset < 0 || (!custom.isEmpty() && stepsOffset != 0)) {
      throw new IllegalArgumentException(
          "stepsOffset: expected at least 0, and 0 beside listed timesteps, found " + stepsOffset);
    }
    for (int i = 0; i < custom.size(); i++) {
      if (custom.get(i) < 0 || (i > 0 && custom.get(i) >= custom.get(i - 1))) {
        throw new IllegalArgumentException(
            "timesteps: expected strictly decreasing numbers of at least 0, found " + custom);
      }
    }
  }

  /**
   * A number of steps, leading spacing.
   *
   * @param steps at least 1
   * @return the timesteps
   */
  public static DdpmTimesteps of(int steps) {
    return new DdpmTimesteps(steps, TimestepSpacing.LEADING, 0, List.of());
  }

  /**
   * Listed timesteps.
   *
   * @param timesteps strictly decreasing, at least one
   * @return the timesteps
   */
  public static DdpmTimesteps ofList(List<Integer> timesteps) {
    return new DdpmTimesteps(0, TimestepSpacing.LEADING, 0, timesteps);
  }

  /** The timesteps for T training timesteps, strictly decreasing. */
  int[] resolve(int trainTimesteps) {
    if (custom.isEmpty()) {
      return spacing.timesteps(trainTimesteps, steps, stepsOffset);
    }
    if (custom.get(0) >= trainTimesteps) {
      throw new IllegalArgumentException(
          "timesteps: expected at most " + (trainTimesteps - 1) + ", found " + custom.get(0));
    }
    return custom.stream().mapToInt(Integer::intValue).toArray();
  }
}
