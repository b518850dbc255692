package io.github.cpsample.diffusers;

import com.google.gson.JsonObject;
import io.github.cpsample.base.Checks;
import io.github.cpsample.bundle.SchedulerConfig;
import io.github.cpsample.diffusion.DdpmConfig;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;

/**
 * What is known of a denoiser beside its files.
 *
 * @param names names of tensors that cannot be told from the graph
 * @param roundsTimesteps whether an integer timestep stands for fractional ones
 * @param schedule its noise schedule and what it predicts
 * @param channels of its images, where the graph leaves them open
 * @param size height and width of its images, where the graph leaves them open
 * @param classes number of class labels of a class-conditional denoiser
 * @param variance what a learned variance means: learned or learned_range; learned_range if empty
 * @param nullClass the class that stands for none, which classifier-free guidance needs
 */
public record DenoiserOptions(
    TensorNames names,
    boolean roundsTimesteps,
    Schedule schedule,
    OptionalInt channels,
    OptionalInt size,
    OptionalInt classes,
    Optional<DdpmConfig.Variance> variance,
    OptionalInt nullClass) {

  public DenoiserOptions {
    Objects.requireNonNull(names, "names");
    Objects.requireNonNull(schedule, "schedule");
    Objects.requireNonNull(variance, "variance");
  }

  /**
   * Nothing is known but what the files say.
   *
   * @return no options
   */
  public static DenoiserOptions none() {
    return with(Schedule.none());
  }

  /**
   * Nothing is known but the noise schedule and what the files say.
   *
   * @param schedule the schedule
   * @return the options
   */
  public static DenoiserOptions with(Schedule schedule) {
    return new DenoiserOptions(
        TensorNames.none(),
        false,
        schedule,
        OptionalInt.empty(),
        OptionalInt.empty(),
        OptionalInt.empty(),
        Optional.empty(),
        OptionalInt.empty());
  }

  /**
   * The noise schedule that a denoiser was trained with, where no file says it, and what it
   * predicts.
   *
   * @param file a scheduler_config.json to take instead of the folder's
   * @param kind {@code linear}, {@code scaled_linear} or {@code squaredcos_cap_v2}
   * @param betaStart the first beta; 1e-4 if empty
   * @param betaEnd the last beta; 0.02 if empty
   * @param trainTimesteps number of timesteps; 1000 if empty
   * @param predictionType {@code epsilon}, {@code v_prediction} or {@code sample}
   */
  public record Schedule(
      Optional<Path> file,
      Optional<String> kind,
      OptionalDouble betaStart,
      OptionalDouble betaEnd,
      OptionalInt trainTimesteps,
      Optional<String> predictionType) {
    /** The kinds of schedules. */
    public static final List<String> KINDS =
        List.of("linear", "scaled_linear", "squaredcos_cap_v2");

    /** What a denoiser may predict. */
    public static final List<String> PREDICTIONS = List.of("epsilon", "v_prediction", "sample");

    public Schedule {
      Objects.requireNonNull(file, "file");
      Objects.requireNonNull(kind, "kind");
      Objects.requireNonNull(predictionType, "predictionType");
      boolean described =
          kind.isPresent()
              || betaStart.isPresent()
              || betaEnd.isPresent()
              || trainTimesteps.isPresent();
      if (file.isPresent() && (described || predictionType.isPresent())) {
        throw new IllegalArgumentException(
            "--scheduler: expected no --schedule, --beta-start, --beta-end, --train-timesteps or"
                + " --prediction-type beside it, since the file says them; found some");
      }
      Checks.argument(
          !described || !kind.isEmpty(),
          "--schedule",
          "one of " + KINDS + " where its betas or timesteps are given",
          "none");
    }

    /**
     * Nothing is given: a folder says it all.
     *
     * @return no options
     */
    public static Schedule none() {
      return new Schedule(
          Optional.empty(),
          Optional.empty(),
          OptionalDouble.empty(),
          OptionalDouble.empty(),
          OptionalInt.empty(),
          Optional.empty());
    }

    /** Whether {@link #resolve} has all it needs. */
    boolean saysAll(boolean folderHasFile) {
      boolean nothing = kind.isEmpty() && predictionType.isEmpty();
      return file.isPresent()
          || (nothing && folderHasFile)
          || (kind.isPresent() && predictionType.isPresent());
    }

    /**
     * The settings to sample with: those given here, else those of the denoiser's folder.
     *
     * @param source what to call the denoiser in errors
     * @param ofFolder the folder's scheduler_config.json, if there is one
     * @throws IllegalArgumentException if schedule or prediction type are not known
     * @throws io.github.cpsample.bundle.BundleException if a file cannot be read
     */
    SchedulerConfig resolve(String source, Optional<Path> ofFolder) {
      if (file.isPresent()) {
        return SchedulerConfig.read(file.get());
      }
      if (kind.isEmpty() && predictionType.isEmpty() && ofFolder.isPresent()) {
        return SchedulerConfig.read(ofFolder.get());
      }
      if (kind.isEmpty() && predictionType.isEmpty()) {
        throw new IllegalArgumentException(
            source
                + ": expected the noise schedule it was trained with and what it predicts, which no"
                + " graph says, found neither; say both with --schedule ("
                + String.join(", ", KINDS)
                + ") and --prediction-type ("
                + String.join(", ", PREDICTIONS)
                + "), or give its scheduler_config.json with --scheduler");
      }
      if (kind.isEmpty()) {
        throw new IllegalArgumentException(
            source
                + ": expected the noise schedule it was trained with, found none; say it with"
                + " --schedule ("
                + String.join(", ", KINDS)
                + "), or give its scheduler_config.json with --scheduler");
      }
      if (predictionType.isEmpty()) {
        throw new IllegalArgumentException(
            source
                + ": expected what it predicts, which no graph says, found nothing; say it with"
                + " --prediction-type ("
                + String.join(", ", PREDICTIONS)
                + ")");
      }
      return SchedulerConfig.parse(json().toString(), source + ", noise schedule");
    }

    private JsonObject json() {
      JsonObject json = new JsonObject();
      json.addProperty("_class_name", "DDIMScheduler");
      json.addProperty("beta_schedule", kind.orElseThrow());
      betaStart.ifPresent(beta -> json.addProperty("beta_start", beta));
      betaEnd.ifPresent(beta -> json.addProperty("beta_end", beta));
      trainTimesteps.ifPresent(count -> json.addProperty("num_train_timesteps", count));
      json.addProperty("prediction_type", predictionType.orElseThrow());
      return json;
    }
  }

  /**
   * Names of a denoiser's tensors, for those that cannot be told from the graph.
   *
   * @param input the image input
   * @param timestep the timestep input
   * @param label the input for class labels
   * @param output the prediction
   */
  public record TensorNames(
      Optional<String> input,
      Optional<String> timestep,
      Optional<String> label,
      Optional<String> output) {

    /** In errors, what to give for the image input. */
    public static final String INPUT = "input";

    /** In errors, what to give for the timestep input. */
    public static final String TIMESTEP = "timestep-input";

    /** In errors, what to give for the input for class labels. */
    public static final String LABEL = "label-input";

    /** In errors, what to give for the prediction. */
    public static final String OUTPUT = "output";

    /**
     * Everything is told from the graph.
     *
     * @return no names
     */
    public static TensorNames none() {
      return new TensorNames(
          Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());
    }
  }
}
