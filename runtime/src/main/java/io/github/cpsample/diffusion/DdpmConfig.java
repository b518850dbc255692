package io.github.cpsample.diffusion;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

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
      double abar = schedule.alphasCumprod(visited[i]);
      DdpmTransition move = new DdpmTransition(visited[i], abar, next, variance.of(abar, next));
      plan.add(new DdpmStep(predictionType, clipping, variance, move));
    }
    return new Sampler(KIND, plan, new SamplerMemory(0, 0, variance.isLearned()), 1);
  }
}
