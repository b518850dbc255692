package io.github.cpsample.bundle;

import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import io.github.cpsample.diffusion.NoiseSchedule;
import io.github.cpsample.diffusion.NoiseScheduleConfig;
import io.github.cpsample.diffusion.PredictionType;
import io.github.cpsample.diffusion.SamplerConfig;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.IntFunction;

/**
 * The settings in a {@code scheduler_config.json} as Hugging Face diffusers writes it: noise
 * schedule, what the denoiser predicts, and the sampler. Fields that are absent have the defaults
 * of the class that the file names; fields that start with {@code _} are ignored. Immutable.
 *
 * <p>Classes: {@code DDIMScheduler}, {@code DDIMInverseScheduler}, {@code DDPMScheduler}, {@code
 * DPMSolverMultistepScheduler}, {@code DPMSolverSinglestepScheduler}, {@code
 * DEISMultistepScheduler}, {@code UniPCMultistepScheduler}, {@code EulerDiscreteScheduler}, {@code
 * EulerAncestralDiscreteScheduler}, {@code HeunDiscreteScheduler}, {@code LMSDiscreteScheduler} and
 * {@code PNDMScheduler}.
 */
public final class SchedulerConfig {
  /** Validates settings that do not depend on it. */
  private static final int ANY_STEPS = 4;

  private final String className;
  private final NoiseScheduleConfig schedule;
  private final boolean zeroTerminalSnr;
  private final PredictionType predictionType;
  private final IntFunction<SamplerConfig> sampler;
  private final String samplerKind;

  private SchedulerConfig(SchedulerFields fields) {
    SchedulerSamplers samplers = SchedulerSamplers.of(fields);
    this.className = fields.className();
    this.schedule = samplers.schedule();
    this.zeroTerminalSnr = samplers.zeroTerminalSnr();
    this.predictionType = samplers.predictionType();
    this.sampler = samplers.sampler();
    this.samplerKind = sampler.apply(ANY_STEPS).kind();
    if (samplers.needsSignal() && zeroTerminalSnr && predictionType == PredictionType.EPSILON) {
      throw new IllegalArgumentException(
          "prediction_type: expected v_prediction or sample where rescale_betas_zero_snr is true,"
              + " found epsilon");
    }
  }

  /**
   * Reads a file.
   *
   * @param file a scheduler_config.json
   * @return its settings
   * @throws BundleException if the file cannot be read, or if a field is unknown, has an unknown
   *     value, or contradicts another one; the message names file, field, expected and found
   */
  public static SchedulerConfig read(Path file) {
    try {
      return parse(Files.readString(file, StandardCharsets.UTF_8), file.toString());
    } catch (IOException e) {
      throw new BundleException(file + " cannot be read: " + e, e);
    }
  }

  /**
   * Reads a text.
   *
   * @param json the content of a scheduler_config.json
   * @param source its name in messages
   * @return its settings
   * @throws BundleException as {@link #read} does
   */
  public static SchedulerConfig parse(String json, String source) {
    try {
      SchedulerFields fields = new SchedulerFields(JsonParser.parseString(json));
      return fields.finish(new SchedulerConfig(fields));
    } catch (JsonParseException e) {
      throw new BundleException(source + ": expected JSON, found: " + e.getMessage(), e);
    } catch (IllegalArgumentException e) {
      throw new BundleException(source + ": " + e.getMessage(), e);
    }
  }

  /**
   * The scheduler's class in diffusers.
   *
   * @return for example {@code DDIMScheduler}
   */
  public String className() {
    return className;
  }

  /**
   * The description of the noise schedule before {@link #zeroTerminalSnr}.
   *
   * @return the description, as a manifest records it
   */
  public NoiseScheduleConfig schedule() {
    return schedule;
  }

  /**
   * Whether the schedule is rescaled so that its last timestep is pure noise.
   *
   * @return true if so
   */
  public boolean zeroTerminalSnr() {
    return zeroTerminalSnr;
  }

  /**
   * Computes the noise schedule.
   *
   * @return a new schedule, rescaled if {@link #zeroTerminalSnr}
   */
  public NoiseSchedule createSchedule() {
    NoiseSchedule plain = schedule.create();
    return zeroTerminalSnr ? plain.withZeroTerminalSnr() : plain;
  }

  /**
   * What the denoiser predicts.
   *
   * @return the prediction type
   */
  public PredictionType predictionType() {
    return predictionType;
  }

  /**
   * The sampler's name.
   *
   * @return for example {@code ddim}
   */
  public String samplerKind() {
    return samplerKind;
  }

  /**
   * The sampler for a number of steps, which the file does not say.
   *
   * @param steps at least 1
   * @return the sampler's settings; DDIM's eta is 0
   * @throws IllegalArgumentException if the sampler cannot have this number of steps
   */
  public SamplerConfig sampler(int steps) {
    return sampler.apply(steps);
  }
}
