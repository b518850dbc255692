package io.github.cpsample.bundle;

import com.google.gson.JsonElement;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import io.github.cpsample.base.Checks;
import io.github.cpsample.diffusion.DdpmConfig;
import io.github.cpsample.diffusion.NoiseSchedule;
import io.github.cpsample.diffusion.NoiseScheduleConfig;
import io.github.cpsample.diffusion.PredictionType;
import io.github.cpsample.diffusion.SamplerConfig;
import io.github.cpsample.diffusion.SchedulerSettings;
import io.github.cpsample.diffusion.TimestepSpacing;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.IntStream;

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
  private final String className;
  private final String json;
  private final SchedulerSettings settings;
  private final TimestepSpacing spacing;
  private final boolean clips;

  private SchedulerConfig(SchedulerJson fields, String json) {
    this.json = json;
    this.className = fields.className();
    this.settings = SchedulerSettings.of(fields);
    this.spacing =
        TimestepSpacing.ofJsonName(
            fields.glance("timestep_spacing", TimestepSpacing.LEADING.jsonName()));
    this.clips =
        Boolean.parseBoolean(
            fields.glance("clip_sample", Boolean.toString(settings.clipsByDefault())));
    Checks.argument(
        !settings.needsSignal() || !zeroTerminalSnr() || predictionType() != PredictionType.EPSILON,
        "prediction_type",
        "v_prediction or sample where rescale_betas_zero_snr is true",
        "epsilon");
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
      JsonElement document = JsonParser.parseString(json);
      SchedulerJson fields = new SchedulerJson(document);
      return fields.finish(new SchedulerConfig(fields, document.toString()));
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
    return settings.schedule();
  }

  /**
   * Whether the schedule is rescaled so that its last timestep is pure noise.
   *
   * @return true if so
   */
  public boolean zeroTerminalSnr() {
    return settings.zeroTerminalSnr();
  }

  /**
   * Computes the noise schedule.
   *
   * @return a new schedule, rescaled if {@link #zeroTerminalSnr}
   */
  public NoiseSchedule createSchedule() {
    NoiseSchedule plain = schedule().create();
    return zeroTerminalSnr() ? plain.withZeroTerminalSnr() : plain;
  }

  /**
   * What the denoiser predicts.
   *
   * @return the prediction type
   */
  public PredictionType predictionType() {
    return settings.predictionType();
  }

  /**
   * The settings as JSON.
   *
   * @return what was read, without line breaks
   */
  public String toJson() {
    return json;
  }

  /**
   * The variance of a DDPM step.
   *
   * @return learned or learned_range if the scheduler reads the variance from the denoiser
   */
  public Optional<DdpmConfig.Variance> learnedVariance() {
    return settings.learnedVariance();
  }

  /**
   * What a manifest says of this sampler.
   *
   * @param steps number of steps, at least 1
   * @return the description, with these settings in it
   * @throws IllegalArgumentException if the sampler makes no images (DDIMInverseScheduler) or
   *     cannot have this number of steps
   */
  public SamplerSpec describe(int steps) {
    sampler(steps);
    return new SamplerSpec(settings.kind(), steps, 0, spacing, clips, Optional.of(this));
  }

  /** The noise schedule as a manifest records it: explicit betas where it is rescaled. */
  private NoiseScheduleConfig explicit(NoiseSchedule rescaled) {
    return NoiseScheduleConfig.explicit(
        IntStream.range(0, rescaled.trainTimesteps()).mapToObj(rescaled::beta).toList());
  }

  /**
   * The noise schedule as a manifest records it.
   *
   * @return {@link #schedule}, or the betas of the rescaled one if {@link #zeroTerminalSnr}
   */
  public NoiseScheduleConfig effectiveSchedule() {
    return zeroTerminalSnr() ? explicit(createSchedule()) : schedule();
  }

  /** Settings are equal if their JSON is. */
  @Override
  public boolean equals(Object other) {
    return other instanceof SchedulerConfig config && json.equals(config.json);
  }

  @Override
  public int hashCode() {
    return json.hashCode();
  }

  /** The class and its settings. */
  @Override
  public String toString() {
    return json;
  }

  /**
   * The sampler's name.
   *
   * @return for example {@code ddim}
   */
  public String samplerKind() {
    return settings.samplerName();
  }

  /**
   * The sampler for a number of steps, which the file does not say.
   *
   * @param steps at least 1
   * @return the sampler's settings; DDIM's eta is 0
   * @throws IllegalArgumentException if the sampler cannot have this number of steps
   */
  public SamplerConfig sampler(int steps) {
    return settings.sampler().apply(steps);
  }
}
