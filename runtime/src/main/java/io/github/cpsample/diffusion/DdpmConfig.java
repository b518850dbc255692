package io.github.cpsample.diffusion;

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
public record DdpmConfig(DdpmTimesteps timesteps, DdpmVariance variance, SampleClipping clipping)
    implements SamplerConfig {

  /** The sampler's name. */
  public static final String KIND = "ddpm";

  /**
   * Checks that nothing is missing.
   *
   * @param timesteps which timesteps are visited
   * @param variance the variance of a step
   * @param clipping how the predicted image is bounded
   */
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
  public DdpmConfig(DdpmTimesteps timesteps, DdpmVariance variance, boolean clipSample) {
    this(timesteps, variance, clipSample ? SampleClipping.toRange(1) : SampleClipping.none());
  }

  /**
   * Leading spacing, posterior variance, predicted images clipped.
   *
   * @param steps the number of steps
   * @return the settings
   */
  public static DdpmConfig of(int steps) {
    return new DdpmConfig(DdpmTimesteps.of(steps), DdpmVariance.FIXED_SMALL, true);
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
   * DdpmVariance#FIXED_LARGE} ends in a noisy image.
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
}
