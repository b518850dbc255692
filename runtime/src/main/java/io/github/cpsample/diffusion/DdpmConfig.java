package io.github.cpsample.diffusion;

import io.github.cpsample.base.Checks;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * Settings of DDPM, ancestral sampling (Ho, Jain and Abbeel 2020).
 *
 * @param timesteps which timesteps are visited
 * @param variance the variance of a step
 * @param clipping how the predicted image is bounded
 */
public record DdpmConfig(Timesteps timesteps, Variance variance, SampleClipping clipping)
    implements SamplerConfig {

  /** The sampler's name. */
  public static final String KIND = "ddpm";

  public DdpmConfig {
    Objects.requireNonNull(timesteps, "timesteps");
    Objects.requireNonNull(variance, "variance");
    Objects.requireNonNull(clipping, "clipping");
  }

  /**
   * Settings whose clipping, if any, is to [-1, 1].
   *
   * @param timesteps which timesteps are visited
   * @param variance the variance of a step
   * @param clipSample whether the predicted image is clipped
   */
  public DdpmConfig(Timesteps timesteps, Variance variance, boolean clipSample) {
    this(timesteps, variance, clipSample ? SampleClipping.toRange(1) : SampleClipping.none());
  }

  /**
   * Leading spacing, posterior variance, predicted images clipped.
   *
   * @param steps the number of steps
   * @return the settings
   */
  public static DdpmConfig of(int steps) {
    return new DdpmConfig(Timesteps.of(steps), Variance.FIXED_SMALL, true);
  }

  @Override
  public String kind() {
    return KIND;
  }

  @Override
  public Sampler create(NoiseSchedule schedule, PredictionType predictionType) {
    schedule.requirePredictable(predictionType);
    int[] visited = timesteps.resolve(schedule.trainTimesteps());
    List<SamplerStep> plan = new ArrayList<>();
    for (int i = 0; i < visited.length; i++) {
      double next = i + 1 < visited.length ? schedule.alphasCumprod(visited[i + 1]) : 1;
      NoiseLevel level = NoiseLevel.of(visited[i], schedule.alphasCumprod(visited[i]));
      plan.add(step(new DenoiserOutput(predictionType, clipping, level), next));
    }
    return new Sampler(KIND, plan);
  }

  /**
   * One move to noise level abar': {@code mu = sqrt(abar') beta / (1 - abar) x_0 + sqrt(alpha) (1 -
   * abar') / (1 - abar) x}, with {@code alpha = abar / abar' = 1 - beta} (Ho, Jain and Abbeel 2020,
   * equation 7); guidance moves the mean, {@code mu' = mu + Sigma g}, the {@code condition_mean} of
   * guided diffusion, Sigma being the variance and g taken at x_t. Noise is added at every timestep
   * but 0, as the diffusers library does: a plan that ends above timestep 0 with {@link
   * Variance#FIXED_LARGE} ends in a noisy image.
   */
  private SamplerStep step(DenoiserOutput output, double nextAbar) {
    double abar = output.level().alphasCumprod();
    double alpha = abar / nextAbar;
    double fixed = variance.of(abar, nextAbar);
    boolean addsNoise = output.level().timestep() > 0;
    Combination mean =
        output
            .sample(false)
            .times(Math.sqrt(nextAbar) * (1 - alpha) / (1 - abar))
            .plus(Combination.STATE.times(Math.sqrt(alpha) * (1 - nextAbar) / (1 - abar)));
    if (variance.isLearned()) {
      return SamplerStep.learned(
          output,
          Optional.of(new SamplerStep.LearnedVariance(variance, fixed, 1 - alpha, addsNoise)),
          guided -> mean);
    }
    Combination noised = mean.plus(Combination.NOISE.times(addsNoise ? Math.sqrt(fixed) : 0));
    Combination shifted = noised.plus(Combination.GUIDANCE.times(abar > 0 ? fixed : 0));
    return SamplerStep.plain(output, guided -> guided ? shifted : noised);
  }

  /**
   * Which timesteps a DDPM trajectory visits: either a number of them with a spacing, or a list.
   *
   * @param steps the number of steps; 0 where timesteps are listed
   * @param spacing how timesteps are chosen if they are not listed
   * @param stepsOffset added to timesteps of leading spacing, at least 0
   * @param custom strictly decreasing timesteps, or empty; copied
   */
  public record Timesteps(
      int steps, TimestepSpacing spacing, int stepsOffset, List<Integer> custom) {
    public Timesteps {
      Objects.requireNonNull(spacing, "spacing");
      custom = List.copyOf(custom);
      if (custom.isEmpty() ? steps < 1 : steps != 0) {
        throw new IllegalArgumentException(
            "expected either a positive number of steps or a list of timesteps, found steps "
                + steps
                + " and timesteps "
                + custom);
      }
      Checks.argument(
          stepsOffset >= 0 && (custom.isEmpty() || stepsOffset == 0),
          "stepsOffset",
          "at least 0, and 0 beside listed timesteps",
          stepsOffset);
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
    public static Timesteps of(int steps) {
      return new Timesteps(steps, TimestepSpacing.LEADING, 0, List.of());
    }

    /**
     * Listed timesteps.
     *
     * @param timesteps strictly decreasing, at least one
     * @return the timesteps
     */
    public static Timesteps ofList(List<Integer> timesteps) {
      return new Timesteps(0, TimestepSpacing.LEADING, 0, timesteps);
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

  /**
   * The variance of a DDPM step: fixed (Ho, Jain and Abbeel 2020, section 3.2) or given by the
   * denoiser for each value (Nichol and Dhariwal 2021, equation 15).
   */
  public enum Variance {
    /** The posterior variance {@code (1 - abar') / (1 - abar) beta}, at least 1e-20. */
    FIXED_SMALL("fixed_small") {
      @Override
      double of(double abar, double nextAbar) {
        return Math.max(1e-20, (1 - nextAbar) / (1 - abar) * (1 - abar / nextAbar));
      }
    },
    /** The variance {@code beta} of the forward step. */
    FIXED_LARGE("fixed_large") {
      @Override
      double of(double abar, double nextAbar) {
        return 1 - abar / nextAbar;
      }
    },
    /** The denoiser gives the variance itself, in the second half of its channels. */
    LEARNED("learned") {
      @Override
      double of(double abar, double nextAbar) {
        return FIXED_SMALL.of(abar, nextAbar);
      }

      @Override
      double learned(double output, double small, double large) {
        return output;
      }
    },
    /**
     * The denoiser gives in [-1, 1], in the second half of its channels, where the logarithm of the
     * variance lies between those of the two fixed ones.
     */
    LEARNED_RANGE("learned_range") {
      @Override
      double of(double abar, double nextAbar) {
        return FIXED_SMALL.of(abar, nextAbar);
      }

      @Override
      double learned(double output, double small, double large) {
        double fraction = (output + 1) / 2;
        return Math.exp(fraction * Math.log(large) + (1 - fraction) * Math.log(small));
      }
    };

    private final String jsonName;

    Variance(String jsonName) {
      this.jsonName = jsonName;
    }

    /**
     * The variance of a move from abar to the next, larger abar'; the least one if it is learned.
     */
    abstract double of(double abar, double nextAbar);

    /**
     * Whether the denoiser gives the variance.
     *
     * @return true for learned and learned_range
     */
    public boolean isLearned() {
      return this == LEARNED || this == LEARNED_RANGE;
    }

    /** The variance that the denoiser's output means between the two fixed ones. */
    double learned(double output, double small, double large) {
      throw new IllegalStateException(this + " is not learned");
    }

    /**
     * The name used in manifests.
     *
     * @return for example {@code fixed_small}
     */
    public String jsonName() {
      return jsonName;
    }

    /**
     * Finds a variance by the name used in manifests.
     *
     * @param name for example {@code fixed_small}
     * @return the variance
     * @throws IllegalArgumentException if there is no such variance
     */
    public static Variance ofJsonName(String name) {
      return Checks.named("varianceType", values(), variance -> variance.jsonName, name);
    }
  }
}
