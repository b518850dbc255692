package io.github.cpsample.tools.commands.training;

import io.github.cpsample.diffusers.DenoiserOptions;
import io.github.cpsample.diffusion.DdpmConfig;
import io.github.cpsample.tools.cli.Arguments;
import io.github.cpsample.tools.cli.Opt;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;

/** The options that say of a denoiser what its files do not. */
final class DenoiserArguments {

  private static final Opt<Path> SCHEDULER =
      Opt.path(
          "scheduler",
          "FILE",
          "scheduler_config.json as diffusers writes it; default: the folder's");
  private static final Opt<String> SCHEDULE =
      Opt.choice(
          "schedule",
          "noise schedule that the denoiser was trained with, where no scheduler_config.json"
              + " says it",
          DenoiserOptions.Schedule.KINDS);
  private static final Opt<Double> BETA_START = beta("beta-start", "first", "0.0001");
  private static final Opt<Double> BETA_END = beta("beta-end", "last", "0.02");
  private static final Opt<Integer> TIMESTEPS =
      Opt.integer("train-timesteps", "number of timesteps of the schedule; default: 1000", 1);
  private static final Opt<String> PREDICTION =
      Opt.choice(
          "prediction-type",
          "what the denoiser predicts, with --schedule",
          DenoiserOptions.Schedule.PREDICTIONS);
  private static final Opt<String> INPUT =
      tensor(
          DenoiserOptions.TensorNames.INPUT,
          "the input for images, where the graph has several of 4 axes");
  private static final Opt<String> TIMESTEP =
      tensor(
          DenoiserOptions.TensorNames.TIMESTEP, "the input for timesteps, where it cannot be told");
  private static final Opt<String> LABEL =
      tensor(
          DenoiserOptions.TensorNames.LABEL, "the input for class labels, where it cannot be told");
  private static final Opt<String> OUTPUT =
      tensor(
          DenoiserOptions.TensorNames.OUTPUT,
          "the prediction, where the graph has several outputs");
  private static final Opt<Integer> CLASSES =
      Opt.integer("classes", "number of class labels, where config.json does not say it", 1);
  private static final Opt<Integer> NULL_CLASS =
      Opt.integer(
          "null-class",
          "class that stands for none, which --guidance-scale needs of a class-conditional model",
          0);
  private static final Opt<Integer> CHANNELS =
      Opt.integer("channels", "channels of the images, where the graph leaves them open", 1);
  private static final Opt<Integer> SIZE =
      Opt.integer("size", "height and width of the images, where the graph leaves them open", 1);
  private static final Opt<String> VARIANCE =
      Opt.choice(
          "variance-type",
          "what the second half of the output's channels means; default: the scheduler's, else"
              + " learned_range",
          List.of("learned", "learned_range"));
  private static final Opt<Boolean> ROUND =
      Opt.flag(
          "round-timesteps",
          "let a denoiser of whole timesteps run at the nearest one where a sampler has fractional"
              + " ones, as with Karras sigmas");

  static final List<Opt<?>> ALL =
      List.of(
          SCHEDULER,
          SCHEDULE,
          BETA_START,
          BETA_END,
          TIMESTEPS,
          PREDICTION,
          INPUT,
          TIMESTEP,
          LABEL,
          OUTPUT,
          CLASSES,
          NULL_CLASS,
          CHANNELS,
          SIZE,
          VARIANCE,
          ROUND);

  private DenoiserArguments() {}

  private static Opt<Double> beta(String name, String which, String usual) {
    return Opt.decimal(
        name,
        "B",
        which + " beta of --schedule linear and scaled_linear; default: " + usual,
        b -> b > 0 && b < 1,
        "a number in (0, 1)");
  }

  private static Opt<String> tensor(String name, String description) {
    return Opt.text(name, "NAME", description);
  }

  static DenoiserOptions read(Arguments arguments) {
    return new DenoiserOptions(
        new DenoiserOptions.TensorNames(
            arguments.find(INPUT),
            arguments.find(TIMESTEP),
            arguments.find(LABEL),
            arguments.find(OUTPUT)),
        arguments.has(ROUND),
        new DenoiserOptions.Schedule(
            arguments.find(SCHEDULER),
            arguments.find(SCHEDULE),
            decimal(arguments.find(BETA_START)),
            decimal(arguments.find(BETA_END)),
            integer(arguments.find(TIMESTEPS)),
            arguments.find(PREDICTION)),
        integer(arguments.find(CHANNELS)),
        integer(arguments.find(SIZE)),
        integer(arguments.find(CLASSES)),
        arguments.find(VARIANCE).map(DdpmConfig.Variance::ofJsonName),
        integer(arguments.find(NULL_CLASS)));
  }

  private static OptionalInt integer(Optional<Integer> value) {
    return value.map(OptionalInt::of).orElse(OptionalInt.empty());
  }

  private static OptionalDouble decimal(Optional<Double> value) {
    return value.map(OptionalDouble::of).orElse(OptionalDouble.empty());
  }
}
