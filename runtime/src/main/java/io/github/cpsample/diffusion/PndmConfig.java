package io.github.cpsample.diffusion;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * Settings of PNDM, pseudo numerical methods (Liu et al. 2022, arXiv 2202.09778): a linear
 * multistep method of order 4, begun either by three intervals of a Runge and Kutta method with
 * four calls of the denoiser each, or by one interval of Heun's. Outputs are turned into noise at
 * the level where the denoiser gave them, whatever it predicts. As in {@link DdimConfig}, a step
 * moves x by {@code T / n} timesteps whatever the spacing.
 *
 * @param steps the number n of intervals, at least 1; at least 4 with Runge and Kutta's beginning
 * @param spacing how timesteps are chosen
 * @param stepsOffset added to timesteps of leading spacing, at least 0
 * @param skipRungeKutta whether the method begins with Heun's interval
 * @param setAlphaToOne whether the last step goes to a clean image, else to the level of timestep 0
 */
public record PndmConfig(
    int steps,
    TimestepSpacing spacing,
    int stepsOffset,
    boolean skipRungeKutta,
    boolean setAlphaToOne)
    implements SamplerConfig {

  /** The sampler's name. */
  public static final String KIND = "pndm";

  private static final int BEGINNING = 3;
  private static final int ORDER = 4;

  /**
   * Checks the ranges.
   *
   * @param steps at least 1; at least 4 unless skipRungeKutta
   * @param spacing how timesteps are chosen
   * @param stepsOffset at least 0
   * @param skipRungeKutta whether the method begins with Heun's interval
   * @param setAlphaToOne whether the last step goes to a clean image
   */
  public PndmConfig {
    Objects.requireNonNull(spacing, "spacing");
    int least = skipRungeKutta ? 1 : BEGINNING + 1;
    if (steps < least) {
      throw new IllegalArgumentException(
          "steps: expected at least " + least + " for " + KIND + ", found " + steps);
    }
    if (stepsOffset < 0) {
      throw new IllegalArgumentException("stepsOffset: expected at least 0, found " + stepsOffset);
    }
  }

  /**
   * Leading spacing, begun by Heun's interval, ending at the level of timestep 0.
   *
   * @param steps at least 1
   * @return the settings
   */
  public static PndmConfig of(int steps) {
    return new PndmConfig(steps, TimestepSpacing.LEADING, 0, true, false);
  }

  @Override
  public String kind() {
    return KIND;
  }

  @Override
  public Sampler create(NoiseSchedule schedule, PredictionType predictionType) {
    Plan plan = new Plan(this, schedule, predictionType);
    if (skipRungeKutta) {
      plan.heun();
    } else {
      plan.rungeKutta();
    }
    return new Sampler(KIND, plan.made, new SamplerMemory(ORDER, 2), 1);
  }

  /** A plan in the making. */
  private static final class Plan {
    private final NoiseSchedule schedule;
    private final PredictionType type;
    private final int[] timesteps;
    private final int distance;
    private final double end;
    private final List<SamplerStep> made = new ArrayList<>();
    private int intervals;

    Plan(PndmConfig config, NoiseSchedule schedule, PredictionType type) {
      this.schedule = schedule;
      this.type = type;
      this.timesteps =
          config.spacing.timesteps(schedule.trainTimesteps(), config.steps, config.stepsOffset);
      this.distance = schedule.trainTimesteps() / config.steps;
      this.end = config.setAlphaToOne ? 1 : schedule.alphasCumprod(0);
    }

    void heun() {
      int first = timesteps[0];
      if (timesteps.length == 1) {
        multistep(first, 1);
        return;
      }
      int second = timesteps[1];
      stage(first, first, first - distance, PndmStage.Role.FIRST, 0.5);
      stage(second, second + distance, second, PndmStage.Role.LAST, 0.5);
      for (int i = 1; i < timesteps.length; i++) {
        multistep(timesteps[i], 1);
      }
    }

    void rungeKutta() {
      for (int i = 0; i < BEGINNING; i++) {
        int from = timesteps[i];
        int to = timesteps[i + 1];
        int half = to + distance / 2;
        stage(from, from, from - distance / 2, PndmStage.Role.FIRST, 1 / 6.0);
        stage(half, from, half, PndmStage.Role.MIDDLE, 1 / 3.0);
        stage(half, from, half - distance / 2, PndmStage.Role.MIDDLE, 1 / 3.0);
        stage(to, from, to, PndmStage.Role.LAST, 1 / 6.0);
      }
      for (int i = BEGINNING; i < timesteps.length; i++) {
        multistep(timesteps[i], ORDER);
      }
    }

    private void stage(int timestep, int from, int to, PndmStage.Role role, double share) {
      if (role == PndmStage.Role.FIRST) {
        intervals++;
      }
      PndmTransfer transfer = PndmTransfer.between(abar(from), abar(to));
      made.add(new PndmStage(level(timestep), output(timestep), role, intervals, share, transfer));
    }

    /** Adams and Bashforth's combinations, which PNDM takes over. */
    private void multistep(int timestep, int needed) {
      PndmTransfer transfer = PndmTransfer.between(abar(timestep), abar(timestep - distance));
      made.add(
          new SolverStep(
              level(timestep),
              output(timestep),
              SolverSpace.EPSILON,
              needed,
              transfer.by(1),
              transfer.by(3 / 2.0, -1 / 2.0),
              transfer.by(23 / 12.0, -16 / 12.0, 5 / 12.0),
              transfer.by(55 / 24.0, -59 / 24.0, 37 / 24.0, -9 / 24.0)));
    }

    private double abar(int timestep) {
      int last = schedule.trainTimesteps() - 1;
      return timestep < 0 ? end : schedule.alphasCumprod(Math.min(last, timestep));
    }

    private GuidedOutput output(int timestep) {
      return new GuidedOutput(type, SampleClipping.none(), abar(timestep));
    }

    private NoiseLevel level(int timestep) {
      double abar = abar(timestep);
      return new NoiseLevel(timestep, Math.sqrt((1 - abar) / abar));
    }
  }
}
