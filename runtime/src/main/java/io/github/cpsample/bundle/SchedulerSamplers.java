package io.github.cpsample.bundle;

import io.github.cpsample.diffusion.DdimClipping;
import io.github.cpsample.diffusion.DdimConfig;
import io.github.cpsample.diffusion.DdimInversionConfig;
import io.github.cpsample.diffusion.DdpmConfig;
import io.github.cpsample.diffusion.DdpmTimesteps;
import io.github.cpsample.diffusion.DdpmVariance;
import io.github.cpsample.diffusion.NoiseScheduleConfig;
import io.github.cpsample.diffusion.PndmConfig;
import io.github.cpsample.diffusion.PredictionType;
import io.github.cpsample.diffusion.SampleClipping;
import io.github.cpsample.diffusion.SamplerConfig;
import io.github.cpsample.diffusion.TimestepSpacing;
import java.util.List;
import java.util.function.IntFunction;

/**
 * What the fields of a scheduler_config.json mean.
 *
 * @param schedule the noise schedule
 * @param zeroTerminalSnr whether it is rescaled
 * @param needsSignal whether the sampler cannot use predicted noise at a timestep of pure noise
 * @param predictionType what the denoiser predicts
 * @param sampler the sampler's settings by the number of steps
 */
record SchedulerSamplers(
    NoiseScheduleConfig schedule,
    boolean zeroTerminalSnr,
    boolean needsSignal,
    PredictionType predictionType,
    IntFunction<SamplerConfig> sampler) {

  static SchedulerSamplers of(SchedulerFields json) {
    String name = json.className();
    IntFunction<SamplerConfig> sampler =
        switch (name) {
          case "DDIMScheduler" -> ddim(json);
          case "DDIMInverseScheduler" -> inversion(json);
          case "DDPMScheduler", "DDPMParallelScheduler" -> ddpm(json);
          case "PNDMScheduler" -> pndm(json);
          case "DPMSolverMultistepScheduler" -> SchedulerSolvers.multistep(json);
          case "DPMSolverSinglestepScheduler" -> SchedulerSolvers.singlestep(json);
          case "DEISMultistepScheduler" -> SchedulerSolvers.deis(json);
          case "UniPCMultistepScheduler" -> SchedulerSolvers.uniPc(json);
          case "EulerDiscreteScheduler" -> SchedulerSolvers.euler(json);
          case "EulerAncestralDiscreteScheduler" -> SchedulerSolvers.eulerAncestral(json);
          case "HeunDiscreteScheduler" -> SchedulerSolvers.heun(json);
          case "LMSDiscreteScheduler" -> SchedulerSolvers.lms(json);
          default ->
              throw new IllegalArgumentException(
                  "_class_name: expected a scheduler of diffusers that this library knows (DDIM,"
                      + " DDIMInverse, DDPM, PNDM, DPMSolverMultistep, DPMSolverSinglestep,"
                      + " DEISMultistep, UniPCMultistep, EulerDiscrete, EulerAncestralDiscrete,"
                      + " HeunDiscrete, LMSDiscrete, each followed by Scheduler), found '"
                      + name
                      + "'");
        };
    boolean heun = name.equals("HeunDiscreteScheduler");
    boolean rescales = name.startsWith("DD") || rescalesInSigma(name);
    return new SchedulerSamplers(
        schedule(json, heun),
        rescales && json.flag("rescale_betas_zero_snr", false),
        name.startsWith("DD"),
        predictionType(json),
        sampler);
  }

  private static boolean rescalesInSigma(String name) {
    return name.startsWith("Euler")
        || name.equals("DPMSolverMultistepScheduler")
        || name.equals("UniPCMultistepScheduler");
  }

  private static NoiseScheduleConfig schedule(SchedulerFields json, boolean heun) {
    String kind =
        json.oneOf("beta_schedule", "linear", "linear", "scaled_linear", "squaredcos_cap_v2");
    double first = json.number("beta_start", heun ? 0.00085 : 0.0001);
    double last = json.number("beta_end", heun ? 0.012 : 0.02);
    List<Double> betas = json.numbers("trained_betas");
    int timesteps = json.integer("num_train_timesteps", betas.isEmpty() ? 1000 : betas.size());
    if (!betas.isEmpty() && betas.size() != timesteps) {
      throw new IllegalArgumentException(
          "trained_betas: expected " + timesteps + " (num_train_timesteps), found " + betas.size());
    }
    if (!betas.isEmpty()) {
      return NoiseScheduleConfig.explicit(betas);
    }
    return switch (kind) {
      case "linear" -> NoiseScheduleConfig.linear(timesteps, first, last);
      case "scaled_linear" -> NoiseScheduleConfig.scaledLinear(timesteps, first, last);
      default -> NoiseScheduleConfig.squaredCosine(timesteps);
    };
  }

  private static PredictionType predictionType(SchedulerFields json) {
    String name =
        json.oneOf(
            "prediction_type", "epsilon", "epsilon", "v_prediction", "sample", "original_sample");
    return name.equals("original_sample") ? PredictionType.SAMPLE : PredictionType.ofJsonName(name);
  }

  static TimestepSpacing spacing(SchedulerFields json, TimestepSpacing otherwise) {
    return TimestepSpacing.ofJsonName(
        json.oneOf("timestep_spacing", otherwise.jsonName(), "leading", "linspace", "trailing"));
  }

  /** Dynamic thresholding, else a fixed bound, else none. */
  static SampleClipping clipping(SchedulerFields json, boolean clips) {
    boolean dynamic = json.flag("thresholding", false);
    double ratio = json.number("dynamic_thresholding_ratio", 0.995);
    double greatest = json.number("sample_max_value", 1);
    double range = json.number("clip_sample_range", 1);
    if (dynamic) {
      return SampleClipping.dynamic(ratio, greatest);
    }
    return clips ? SampleClipping.toRange(range) : SampleClipping.none();
  }

  private static IntFunction<SamplerConfig> ddim(SchedulerFields json) {
    TimestepSpacing spacing = spacing(json, TimestepSpacing.LEADING);
    int offset = json.integer("steps_offset", 0);
    boolean toOne = json.flag("set_alpha_to_one", true);
    SampleClipping bound = clipping(json, json.flag("clip_sample", true));
    DdimClipping clipping =
        bound.kind() == SampleClipping.Kind.NONE ? DdimClipping.NONE : DdimClipping.SAMPLE;
    return steps -> new DdimConfig(steps, 0, spacing, offset, toOne, clipping, bound);
  }

  private static IntFunction<SamplerConfig> inversion(SchedulerFields json) {
    json.oneOf("timestep_spacing", "leading", "leading");
    int offset = json.integer("steps_offset", 0);
    boolean toOne = json.flag("set_alpha_to_one", true);
    DdimClipping clipping =
        json.flag("clip_sample", true) ? DdimClipping.SAMPLE : DdimClipping.NONE;
    double range = json.number("clip_sample_range", 1);
    return steps -> new DdimInversionConfig(steps, offset, toOne, clipping, range);
  }

  private static IntFunction<SamplerConfig> ddpm(SchedulerFields json) {
    TimestepSpacing spacing = spacing(json, TimestepSpacing.LEADING);
    int offset = json.integer("steps_offset", 0);
    String name =
        json.oneOf(
            "variance_type",
            "fixed_small",
            "fixed_small",
            "fixed_small_log",
            "fixed_large",
            "learned",
            "learned_range");
    SampleClipping bound = clipping(json, json.flag("clip_sample", true));
    DdpmVariance variance =
        name.equals("fixed_small_log") ? DdpmVariance.FIXED_SMALL : DdpmVariance.ofJsonName(name);
    return steps ->
        new DdpmConfig(new DdpmTimesteps(steps, spacing, offset, List.of()), variance, bound);
  }

  private static IntFunction<SamplerConfig> pndm(SchedulerFields json) {
    TimestepSpacing spacing = spacing(json, TimestepSpacing.LEADING);
    int offset = json.integer("steps_offset", 0);
    boolean skip = json.flag("skip_prk_steps", false);
    boolean toOne = json.flag("set_alpha_to_one", false);
    return steps -> new PndmConfig(steps, spacing, offset, skip, toOne, PndmConfig.History.NOISE);
  }
}
