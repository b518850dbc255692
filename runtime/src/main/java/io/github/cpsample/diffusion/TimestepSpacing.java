package io.github.cpsample.diffusion;

import java.util.Arrays;
import java.util.Locale;

/**
 * Which of the T training timesteps a sampler with fewer steps visits (Lin et al., 2023, arXiv
 * 2305.08891, table 2). The results equal those of the diffusers library.
 */
public enum TimestepSpacing {
  /** Multiples of T/n from 0 on, shifted by the steps offset. */
  LEADING {
    @Override
    int[] unchecked(int trainTimesteps, int steps, int stepsOffset) {
      int ratio = trainTimesteps / steps;
      int[] timesteps = new int[steps];
      for (int i = 0; i < steps; i++) {
        timesteps[i] = (steps - 1 - i) * ratio + stepsOffset;
      }
      return timesteps;
    }
  },
  /** Equally spaced from T-1 to 0, both included. */
  LINSPACE {
    @Override
    int[] unchecked(int trainTimesteps, int steps, int stepsOffset) {
      int[] timesteps = new int[steps];
      for (int i = 0; i < steps; i++) {
        double share = steps == 1 ? 0 : (double) (steps - 1 - i) / (steps - 1);
        timesteps[i] = (int) Math.rint(share * (trainTimesteps - 1));
      }
      return timesteps;
    }
  },
  /** Multiples of T/n counted down from T, less one. */
  TRAILING {
    @Override
    int[] unchecked(int trainTimesteps, int steps, int stepsOffset) {
      int[] timesteps = new int[steps];
      for (int i = 0; i < steps; i++) {
        timesteps[i] = (int) Math.rint(trainTimesteps - i * ((double) trainTimesteps / steps)) - 1;
      }
      return timesteps;
    }
  };

  abstract int[] unchecked(int trainTimesteps, int steps, int stepsOffset);

  /**
   * The timesteps in the order in which they are visited.
   *
   * @param trainTimesteps T
   * @param steps n, in [1,T]
   * @param stepsOffset added by {@link #LEADING} only
   * @return n descending timesteps in [0,T)
   */
  public int[] timesteps(int trainTimesteps, int steps, int stepsOffset) {
    if (steps < 1 || steps > trainTimesteps) {
      throw new IllegalArgumentException(
          "Steps: expected a number in [1," + trainTimesteps + "], found " + steps);
    }
    int[] timesteps = unchecked(trainTimesteps, steps, stepsOffset);
    if (timesteps[0] >= trainTimesteps || timesteps[steps - 1] < 0) {
      throw new IllegalArgumentException(
          "Steps offset: expected timesteps in [0,"
              + (trainTimesteps - 1)
              + "], found "
              + timesteps[steps - 1]
              + " to "
              + timesteps[0]
              + " with offset "
              + stepsOffset);
    }
    return timesteps;
  }

  /**
   * The spacing's name.
   *
   * @return as in configuration files
   */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * A spacing by name.
   *
   * @param label as in configuration files
   * @return the spacing
   */
  public static TimestepSpacing named(String label) {
    return Arrays.stream(values())
        .filter(spacing -> spacing.label().equals(label))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "Timestep spacing: expected leading, linspace or trailing, found " + label));
  }
}
