package io.github.cpsample.diffusion;

import io.github.cpsample.base.Checks;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Objects;

/**
 * Settings of PNDM, pseudo numerical methods (Liu et al. 2022, arXiv 2202.09778): a linear
 * multistep method of order 4, begun either by three intervals of a Runge and Kutta method with
 * four calls of the denoiser each, or by one interval of Heun's. As in {@link DdimConfig}, a step
 * moves x by {@code T / n} timesteps whatever the spacing.
 *
 * @param steps the number n of intervals, at least 1; at least 4 with Runge and Kutta's beginning
 * @param spacing how timesteps are chosen
 * @param stepsOffset added to timesteps of leading spacing, at least 0
 * @param skipRungeKutta whether the method begins with Heun's interval
 * @param setAlphaToOne whether the last step goes to a clean image, else to the level of timestep 0
 * @param history what the multistep method combines
 */
record PndmConfig(
    int steps,
    TimestepSpacing spacing,
    int stepsOffset,
    boolean skipRungeKutta,
    boolean setAlphaToOne,
    History history)
    implements SamplerConfig {

  /** What the multistep method combines. For a denoiser of noise both are the same. */
  public enum History {
    /** Outputs that are turned into noise at the level where the denoiser gave them. */
    NOISE,
    /**
     * Outputs as they are; the combination is turned into noise at the level where the move starts,
     * as the diffusers library does.
     */
    OUTPUT
  }

  /** The sampler's name. */
  public static final String KIND = "pndm";

  private static final int BEGINNING = 3;
  private static final int ORDER = 4;

  /** Weights of Adams and Bashforth's methods of order 1 to 4, newest first. */
  private static final double[][] ADAMS = {
    {1},
    {3 / 2.0, -1 / 2.0},
    {23 / 12.0, -16 / 12.0, 5 / 12.0},
    {55 / 24.0, -59 / 24.0, 37 / 24.0, -9 / 24.0}
  };

  public PndmConfig {
    Objects.requireNonNull(spacing, "spacing");
    Objects.requireNonNull(history, "history");
    int least = skipRungeKutta ? 1 : BEGINNING + 1;
    Checks.argument(steps >= least, "steps", "at least " + least + " for " + KIND, steps);
    Checks.atLeast("stepsOffset", stepsOffset, 0);
  }

  /**
   * Leading spacing, begun by Heun's interval, ending at the level of timestep 0, noises combined.
   *
   * @param steps at least 1
   * @return the settings
   */
  public static PndmConfig of(int steps) {
    return new PndmConfig(steps, TimestepSpacing.LEADING, 0, true, false, History.NOISE);
  }

  /**
   * The same settings with another combination.
   *
   * @param newHistory what the multistep method combines
   * @return a copy
   */
  public PndmConfig withHistory(History newHistory) {
    return new PndmConfig(steps, spacing, stepsOffset, skipRungeKutta, setAlphaToOne, newHistory);
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
    return new Sampler(KIND, plan.made);
  }

  /** A plan in the making. */
  private static final class Plan {
    private final NoiseSchedule schedule;
    private final PredictionType type;
    private final History history;
    private final int[] timesteps;
    private final int distance;
    private final double end;
    private final List<SamplerStep> made = new ArrayList<>();

    /** Calls whose outputs the multistep method combines, oldest first. */
    private final List<Integer> counted = new ArrayList<>();

    Plan(PndmConfig config, NoiseSchedule schedule, PredictionType type) {
      this.schedule = schedule;
      this.type = type;
      this.history = config.history;
      this.timesteps =
          config.spacing.timesteps(schedule.trainTimesteps(), config.steps, config.stepsOffset);
      this.distance = schedule.trainTimesteps() / config.steps;
      this.end = config.setAlphaToOne ? 1 : schedule.alphasCumprod(0);
    }

    void heun() {
      if (timesteps.length > 1) {
        int first = timesteps[0];
        int second = timesteps[1];
        counted.add(made.size());
        begin(first, first, first - distance);
        within(second, second + distance, second, 0.5, 0.5);
      }
      for (int i = timesteps.length > 1 ? 1 : 0; i < timesteps.length; i++) {
        multistep(timesteps[i], true);
      }
    }

    void rungeKutta() {
      for (int i = 0; i < BEGINNING; i++) {
        int from = timesteps[i];
        int to = timesteps[i + 1];
        int half = to + distance / 2;
        counted.add(made.size());
        begin(from, from, from - distance / 2);
        within(half, from, half, 1);
        within(half, from, half - distance / 2, 1);
        within(to, from, to, 1 / 6.0, 1 / 3.0, 1 / 3.0, 1 / 6.0);
      }
      for (int i = BEGINNING; i < timesteps.length; i++) {
        multistep(timesteps[i], false);
      }
    }

    /** A call that begins an interval; a trajectory begins with the first one of them. */
    private void begin(int timestep, int from, int to) {
      add(timestep, made.size() + 1, Combination.STATE, transfer(from, to, 1));
    }

    /** A call within an interval, which moves from its beginning. */
    private void within(int timestep, int from, int to, double... weights) {
      add(timestep, made.size() + 1, Combination.KEPT, transfer(from, to, weights));
    }

    private void add(int timestep, int needed, Combination base, Combination move) {
      List<SamplerStep.Move> moves = new ArrayList<>(Collections.nCopies(needed - 1, null));
      moves.add(new SamplerStep.Move(base, move));
      made.add(step(timestep, moves));
    }

    /**
     * Adams and Bashforth's combinations, which PNDM takes over, of the outputs of counted calls.
     *
     * @param mayBegin whether a trajectory may begin here, with fewer outputs
     */
    private void multistep(int timestep, boolean mayBegin) {
      int index = made.size();
      counted.add(index);
      int to = timestep - distance;
      int order = Math.min(ORDER, counted.size());
      int oldest = counted.get(counted.size() - order);
      SamplerStep.Move[] moves = new SamplerStep.Move[index - oldest + 1];
      for (int newest = 1; mayBegin && newest < order; newest++) {
        if (counted.get(counted.size() - newest) == index - newest + 1) {
          moves[newest - 1] = SamplerStep.Move.ofState(transfer(timestep, to, ADAMS[newest - 1]));
        }
      }
      double[] byAge = new double[moves.length];
      for (int k = 0; k < order; k++) {
        byAge[index - counted.get(counted.size() - 1 - k)] = ADAMS[order - 1][k];
      }
      moves[moves.length - 1] = SamplerStep.Move.ofState(transfer(timestep, to, byAge));
      made.add(step(timestep, Arrays.asList(moves)));
    }

    private SamplerStep step(int timestep, List<SamplerStep.Move> moves) {
      NoiseLevel level = NoiseLevel.of(timestep, abar(timestep));
      DenoiserOutput output = new DenoiserOutput(type, SampleClipping.none(), level);
      return SamplerStep.solver(
          output, history == History.NOISE ? output::epsilon : output::raw, moves);
    }

    /**
     * PNDM's transfer of x by a combination of what is remembered, the deterministic move of DDIM
     * (Liu et al. 2022, arXiv 2202.09778, equation 11): {@code x' = sqrt(abar' / abar) x + (sqrt(1
     * - abar') - sqrt(abar' / abar) sqrt(1 - abar)) epsilon}.
     */
    private Combination transfer(int from, int to, double... weights) {
      NoiseLevel before = NoiseLevel.of(from, abar(from));
      NoiseLevel after = NoiseLevel.of(to, abar(to));
      double ofState = Math.sqrt(after.alphasCumprod() / before.alphasCumprod());
      double ofNoise = after.spread() - ofState * before.spread();
      Combination output = Combination.move(0, 0, weights);
      Combination epsilon = output;
      if (history == History.OUTPUT) {
        Combination read = type.epsilon(before);
        epsilon =
            output
                .times(read.of(Combination.Term.PREDICTION))
                .plus(Combination.STATE.times(read.of(Combination.Term.STATE)));
      }
      return Combination.STATE.times(ofState).plus(epsilon.times(ofNoise));
    }

    private double abar(int timestep) {
      int last = schedule.trainTimesteps() - 1;
      return timestep < 0 ? end : schedule.alphasCumprod(Math.min(last, timestep));
    }
  }
}
