package io.github.cpsample.diffusion;

import io.github.cpsample.base.Checks;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * Settings of DDIM (Song, Meng and Ermon 2021).
 *
 * <p>A step moves x from the level of its timestep t to the level of {@code t - T / n} (whole
 * division) whatever the spacing, and to the end where that is negative, as the diffusers library
 * does. For leading spacing, and for trailing spacing where n divides T, that is the next timestep
 * of the plan. Otherwise x lags a little behind the level at which the denoiser is called next, and
 * a trailing trajectory may end at the level of a small timestep instead of at the end.
 *
 * @param steps the number of steps, at least 1 and at most the training timesteps
 * @param eta the share of the DDPM's noise, in [0, 1]; 0 is deterministic
 * @param spacing how timesteps are chosen
 * @param stepsOffset added to timesteps of leading spacing, at least 0
 * @param setAlphaToOne whether the last step goes to a clean image, else to the level of timestep 0
 * @param clipping how the predicted image is clipped
 * @param bound how far the predicted image is clipped, if it is: to a range or dynamically
 */
public record DdimConfig(
    int steps,
    double eta,
    TimestepSpacing spacing,
    int stepsOffset,
    boolean setAlphaToOne,
    Clipping clipping,
    SampleClipping bound)
    implements SamplerConfig {

  /** The sampler's name. */
  public static final String KIND = "ddim";

  public DdimConfig {
    Checks.atLeast("steps", steps, 1);
    Checks.argument(eta >= 0 && eta <= 1, "eta", "a number in [0, 1]", eta);
    Checks.atLeast("stepsOffset", stepsOffset, 0);
    Objects.requireNonNull(spacing, "spacing");
    Objects.requireNonNull(clipping, "clipping");
    Objects.requireNonNull(bound, "bound");
    Checks.argument(
        clipping == Clipping.NONE || bound.active(),
        "bound",
        "a range or dynamic thresholding for clipping " + clipping,
        bound.kind());
  }

  /**
   * Settings whose clipping, if any, is to [-1, 1].
   *
   * @param steps at least 1
   * @param eta in [0, 1]
   * @param spacing how timesteps are chosen
   * @param stepsOffset at least 0
   * @param setAlphaToOne whether the last step goes to a clean image
   * @param clipping how the predicted image is clipped
   */
  public DdimConfig(
      int steps,
      double eta,
      TimestepSpacing spacing,
      int stepsOffset,
      boolean setAlphaToOne,
      Clipping clipping) {
    this(steps, eta, spacing, stepsOffset, setAlphaToOne, clipping, SampleClipping.toRange(1));
  }

  /**
   * Leading spacing without offset, ending at a clean image, predicted images clipped.
   *
   * @param steps the number of steps
   * @param eta in [0, 1]
   * @return the settings
   */
  public static DdimConfig of(int steps, double eta) {
    return new DdimConfig(steps, eta, TimestepSpacing.LEADING, 0, true, Clipping.SAMPLE);
  }

  /**
   * The same settings with another number of steps.
   *
   * @param newSteps at least 1
   * @return a copy
   */
  public DdimConfig withSteps(int newSteps) {
    return new DdimConfig(newSteps, eta, spacing, stepsOffset, setAlphaToOne, clipping, bound);
  }

  /**
   * The same settings with another spacing.
   *
   * @param newSpacing how timesteps are chosen
   * @param newOffset added to timesteps of leading spacing
   * @return a copy
   */
  public DdimConfig withSpacing(TimestepSpacing newSpacing, int newOffset) {
    return new DdimConfig(steps, eta, newSpacing, newOffset, setAlphaToOne, clipping, bound);
  }

  /**
   * The same settings with another end.
   *
   * @param toOne whether the last step goes to a clean image, else to the level of timestep 0
   * @return a copy
   */
  public DdimConfig withSetAlphaToOne(boolean toOne) {
    return new DdimConfig(steps, eta, spacing, stepsOffset, toOne, clipping, bound);
  }

  /**
   * The same settings with another clipping.
   *
   * @param newClipping how the predicted image is clipped
   * @return a copy
   */
  public DdimConfig withClipping(Clipping newClipping) {
    return new DdimConfig(steps, eta, spacing, stepsOffset, setAlphaToOne, newClipping, bound);
  }

  /**
   * The same settings with another range of clipping.
   *
   * @param newRange the predicted image is clipped to [-range, range]; finite and positive
   * @return a copy
   */
  public DdimConfig withClipSampleRange(double newRange) {
    return withBound(SampleClipping.toRange(newRange));
  }

  /**
   * The same settings with another bound of clipping.
   *
   * @param newBound to a range or dynamically
   * @return a copy
   */
  public DdimConfig withBound(SampleClipping newBound) {
    return new DdimConfig(steps, eta, spacing, stepsOffset, setAlphaToOne, clipping, newBound);
  }

  /**
   * The same settings with another share of noise.
   *
   * @param newEta in [0, 1]
   * @return a copy
   */
  public DdimConfig withEta(double newEta) {
    return new DdimConfig(steps, newEta, spacing, stepsOffset, setAlphaToOne, clipping, bound);
  }

  @Override
  public String kind() {
    return KIND;
  }

  @Override
  public Sampler create(NoiseSchedule schedule, PredictionType predictionType) {
    schedule.requirePredictable(predictionType);
    int[] timesteps = spacing.timesteps(schedule.trainTimesteps(), steps, stepsOffset);
    int distance = schedule.trainTimesteps() / steps;
    double end = setAlphaToOne ? 1 : schedule.alphasCumprod(0);
    List<SamplerStep> plan = new ArrayList<>();
    for (int timestep : timesteps) {
      double next = timestep < distance ? end : schedule.alphasCumprod(timestep - distance);
      NoiseLevel level = NoiseLevel.of(timestep, schedule.alphasCumprod(timestep));
      plan.add(step(new DenoiserOutput(predictionType, bound, level), clipping, next, eta));
    }
    return new Sampler(KIND, plan);
  }

  /**
   * One move to noise level abar': {@code x' = sqrt(abar') x_0 + sqrt(1 - abar' - sigma^2) epsilon
   * + sigma z}, {@code sigma = eta sqrt((1 - abar') / (1 - abar) (1 - abar / abar'))} (Song, Meng
   * and Ermon 2021, equations 12 and 16).
   */
  static SamplerStep step(DenoiserOutput output, Clipping clipping, double nextAbar, double eta) {
    double abar = output.level().alphasCumprod();
    double sigma = eta == 0 ? 0 : eta * Math.sqrt(variance(abar, nextAbar));
    double direction = Math.sqrt(Math.max(0, 1 - nextAbar - sigma * sigma));
    DenoiserOutput asPredicted = output.unclipped();
    DenoiserOutput read = clipping == Clipping.NONE ? asPredicted : output;
    return SamplerStep.plain(
        read,
        guided -> {
          boolean rederives =
              clipping == Clipping.SAMPLE_AND_EPSILON
                  || (guided && clipping == Clipping.SAMPLE && abar < 1);
          return read.sample(guided)
              .times(Math.sqrt(nextAbar))
              .plus((rederives ? read : asPredicted).epsilon(guided).times(direction))
              .plus(Combination.NOISE.times(sigma));
        });
  }

  /** {@code (1 - abar') / (1 - abar) (1 - abar / abar')}, the variance at eta = 1. */
  static double variance(double abar, double nextAbar) {
    return (1 - nextAbar) / (1 - abar) * (1 - abar / nextAbar);
  }

  /** How DDIM clips the predicted image x_0. */
  public enum Clipping {
    /** Not at all; for latents. */
    NONE,
    /**
     * x_0 is clipped and epsilon stays what the denoiser implies. A guided row derives epsilon anew
     * from the clipped x_0 before it is shifted, as guided diffusion needs it.
     */
    SAMPLE,
    /**
     * x_0 is clipped and epsilon is derived anew from it on every row, so that guidance 0 changes
     * nothing.
     */
    SAMPLE_AND_EPSILON;

    /** Checks the bound of clipping, of DDPM also. */
    static void requireRange(double clipSampleRange) {
      Checks.argument(
          clipSampleRange > 0 && clipSampleRange < Double.POSITIVE_INFINITY,
          "clipSampleRange",
          "a finite, positive number",
          clipSampleRange);
    }
  }
}
