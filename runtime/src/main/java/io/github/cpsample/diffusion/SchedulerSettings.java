package io.github.cpsample.diffusion;

import io.github.cpsample.base.Checks;
import java.util.List;
import java.util.Optional;
import java.util.function.IntFunction;

/**
 * What the fields of a scheduler_config.json mean. Immutable.
 *
 * @param schedule the noise schedule
 * @param zeroTerminalSnr whether it is rescaled
 * @param needsSignal whether the sampler cannot use predicted noise at a timestep of pure noise
 * @param predictionType what the denoiser predicts
 * @param sampler the sampler's settings by the number of steps
 */
public record SchedulerSettings(
    NoiseScheduleConfig schedule,
    boolean zeroTerminalSnr,
    boolean needsSignal,
    PredictionType predictionType,
    IntFunction<SamplerConfig> sampler) {
  /** Stands in where the number of steps does not matter. */
  private static final int ANY_STEPS = 4;

  /**
   * Reads the fields.
   *
   * @param json the fields
   * @return what they mean
   * @throws IllegalArgumentException if the class is unknown, or a field has an unknown value
   */
  public static SchedulerSettings of(Fields json) {
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
    return new SchedulerSettings(
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

  private static NoiseScheduleConfig schedule(Fields json, boolean heun) {
    String kind =
        json.oneOf("beta_schedule", "linear", "linear", "scaled_linear", "squaredcos_cap_v2");
    double first = json.number("beta_start", heun ? 0.00085 : 0.0001);
    double last = json.number("beta_end", heun ? 0.012 : 0.02);
    List<Double> betas = json.numbers("trained_betas");
    int timesteps = json.integer("num_train_timesteps", betas.isEmpty() ? 1000 : betas.size());
    Checks.argument(
        betas.isEmpty() || betas.size() == timesteps,
        "trained_betas",
        timesteps + " (num_train_timesteps)",
        betas.size());
    if (!betas.isEmpty()) {
      return NoiseScheduleConfig.explicit(betas);
    }
    return switch (kind) {
      case "linear" -> NoiseScheduleConfig.linear(timesteps, first, last);
      case "scaled_linear" -> NoiseScheduleConfig.scaledLinear(timesteps, first, last);
      default -> NoiseScheduleConfig.squaredCosine(timesteps);
    };
  }

  private static PredictionType predictionType(Fields json) {
    String name =
        json.oneOf(
            "prediction_type", "epsilon", "epsilon", "v_prediction", "sample", "original_sample");
    return name.equals("original_sample") ? PredictionType.SAMPLE : PredictionType.ofJsonName(name);
  }

  static TimestepSpacing spacing(Fields json, TimestepSpacing otherwise) {
    return TimestepSpacing.ofJsonName(
        json.oneOf("timestep_spacing", otherwise.jsonName(), "leading", "linspace", "trailing"));
  }

  /** Dynamic thresholding, else a fixed bound, else none. */
  static SampleClipping clipping(Fields json, boolean clips) {
    boolean dynamic = json.flag("thresholding", false);
    double ratio = json.number("dynamic_thresholding_ratio", 0.995);
    double greatest = json.number("sample_max_value", 1);
    double range = json.number("clip_sample_range", 1);
    if (dynamic) {
      return SampleClipping.dynamic(ratio, greatest);
    }
    return clips ? SampleClipping.toRange(range) : SampleClipping.none();
  }

  private static IntFunction<SamplerConfig> ddim(Fields json) {
    TimestepSpacing spacing = spacing(json, TimestepSpacing.LEADING);
    int offset = json.integer("steps_offset", 0);
    boolean toOne = json.flag("set_alpha_to_one", true);
    SampleClipping bound = clipping(json, json.flag("clip_sample", true));
    DdimConfig.Clipping clipping =
        bound.kind() == SampleClipping.Kind.NONE
            ? DdimConfig.Clipping.NONE
            : DdimConfig.Clipping.SAMPLE;
    return steps -> new DdimConfig(steps, 0, spacing, offset, toOne, clipping, bound);
  }

  private static IntFunction<SamplerConfig> inversion(Fields json) {
    json.oneOf("timestep_spacing", "leading", "leading");
    int offset = json.integer("steps_offset", 0);
    boolean toOne = json.flag("set_alpha_to_one", true);
    DdimConfig.Clipping clipping =
        json.flag("clip_sample", true) ? DdimConfig.Clipping.SAMPLE : DdimConfig.Clipping.NONE;
    double range = json.number("clip_sample_range", 1);
    return steps -> new DdimInversionConfig(steps, offset, toOne, clipping, range);
  }

  private static IntFunction<SamplerConfig> ddpm(Fields json) {
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
    DdpmConfig.Variance variance =
        name.equals("fixed_small_log")
            ? DdpmConfig.Variance.FIXED_SMALL
            : DdpmConfig.Variance.ofJsonName(name);
    return steps ->
        new DdpmConfig(
            new DdpmConfig.Timesteps(steps, spacing, offset, List.of()), variance, bound);
  }

  private static IntFunction<SamplerConfig> pndm(Fields json) {
    TimestepSpacing spacing = spacing(json, TimestepSpacing.LEADING);
    int offset = json.integer("steps_offset", 0);
    boolean skip = json.flag("skip_prk_steps", false);
    boolean toOne = json.flag("set_alpha_to_one", false);
    return steps -> new PndmConfig(steps, spacing, offset, skip, toOne, PndmConfig.History.NOISE);
  }

  /** The sampler of any number of steps: what does not depend on it. */
  private SamplerConfig any() {
    return sampler.apply(ANY_STEPS);
  }

  /**
   * The sampler's own name.
   *
   * @return for example {@code ddim}
   */
  public String samplerName() {
    return any().kind();
  }

  /**
   * The kind of sampler, as requests name it.
   *
   * @return the label of a {@link SamplerKind}, or the sampler's own name if it makes no images
   */
  public String kind() {
    SamplerConfig any = any();
    if (any instanceof DpmSinglestepConfig) {
      return SamplerKind.DPMSOLVER_PP_2S.label();
    }
    if (any instanceof DpmMultistepConfig multistep) {
      if (multistep.algorithm() != DpmMultistepConfig.Algorithm.DPMSOLVER_PLUS_PLUS) {
        return SamplerKind.DPMSOLVER.label();
      }
      return (multistep.order() == 3 ? SamplerKind.DPMSOLVER_PP_3M : SamplerKind.DPMSOLVER_PP_2M)
          .label();
    }
    return any.kind();
  }

  /**
   * Whether predicted images are clipped where the file does not say.
   *
   * @return true for DDIM and DDPM
   */
  public boolean clipsByDefault() {
    return any() instanceof DdimConfig || any() instanceof DdpmConfig;
  }

  /**
   * The variance of a DDPM step.
   *
   * @return learned or learned_range if the scheduler reads the variance from the denoiser
   */
  public Optional<DdpmConfig.Variance> learnedVariance() {
    return any() instanceof DdpmConfig ddpm && ddpm.variance().isLearned()
        ? Optional.of(ddpm.variance())
        : Optional.empty();
  }

  /**
   * The fields of a scheduler_config.json, as {@link SchedulerSettings} asks for them. A field that
   * is absent or null has the default. All methods throw an {@link IllegalArgumentException} that
   * names field, expected and found if a field has another type than is asked for.
   */
  public interface Fields {
    /**
     * The scheduler's class in diffusers.
     *
     * @return for example {@code DDIMScheduler}
     */
    String className();

    /**
     * A text that must be one of some.
     *
     * @param name the field
     * @param otherwise the default
     * @param values what is allowed
     * @return one of the values
     */
    String oneOf(String name, String otherwise, String... values);

    /**
     * A truth value.
     *
     * @param name the field
     * @param otherwise the default
     * @return the value
     */
    boolean flag(String name, boolean otherwise);

    /**
     * A whole number.
     *
     * @param name the field
     * @param otherwise the default
     * @return the value
     */
    int integer(String name, int otherwise);

    /**
     * A finite number.
     *
     * @param name the field
     * @param otherwise the default
     * @return the value
     */
    double number(String name, double otherwise);

    /**
     * A number that may be negative infinity, which Python writes as {@code -Infinity}.
     *
     * @param name the field
     * @return the value; negative infinity if there is none
     */
    double lowerBound(String name);

    /**
     * A list of numbers.
     *
     * @param name the field
     * @return the values; empty if there are none
     */
    List<Double> numbers(String name);

    /**
     * A list of whole numbers.
     *
     * @param name the field
     * @return the values; empty if there are none
     */
    List<Long> integers(String name);

    /**
     * Refuses a field unless it is absent, null, or false.
     *
     * @param name the field
     * @param reason why it is refused
     */
    void refuse(String name, String reason);
  }
}
