package io.github.cpsample.tools.commands.training;

import io.github.cpsample.bundle.ModelBundle;
import io.github.cpsample.diffusion.NoiseScheduleConfig;
import io.github.cpsample.diffusion.PredictionType;
import io.github.cpsample.tools.cli.Arguments;
import io.github.cpsample.tools.cli.Opt;
import io.github.cpsample.tools.cli.UsageException;
import io.github.cpsample.tools.training.TrainingImages;
import io.github.cpsample.trainer.export.StartingDenoiser;
import io.github.cpsample.trainer.network.UNetConfig;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalInt;

/** The options of a denoiser's training that does not begin with nothing. */
final class FineTuningOptions {

  static final Opt<String> FROM =
      Opt.text(
          "from",
          "RUN|BASE|MODEL|ONNX",
          "fine-tune: begin with the weights of another run, of a base such as"
              + " exported-models/base, of a bundle or a model that comes with the tool, or of an"
              + " ONNX file that this tool exported; its network is taken too");
  static final Opt<String> KEEP =
      Opt.text(
          "keep",
          "PATH|fashion-mnist",
          "images that shall not be forgotten; fashion-mnist: 10,000 public ones that come with the"
              + " tool");
  static final Opt<Double> KEEP_SHARE =
      Opt.decimal(
              "keep-share",
              "R",
              "share of every batch that is drawn from --keep",
              r -> r > 0 && r < 1,
              "a number between 0 and 1")
          .or(0.5);

  private FineTuningOptions() {}

  /** Images to be kept in mind, and their share of every batch. */
  record Kept(TrainingImages images, double share) {}

  static Optional<Kept> kept(Arguments arguments) {
    if (arguments.has(KEEP_SHARE) && !arguments.has(KEEP)) {
      throw new UsageException("--keep-share: expected --keep beside it, found it alone");
    }
    return arguments
        .find(KEEP)
        .map(
            source ->
                new Kept(
                    new TrainingImages(source, OptionalInt.empty()), arguments.get(KEEP_SHARE)));
  }

  static StartingDenoiser open(String from) throws IOException {
    if (ModelBundle.names().contains(from)) {
      try (ModelBundle model = ModelBundle.named(from)) {
        return StartingDenoiser.of(model);
      }
    }
    return StartingDenoiser.read(Path.of(from));
  }

  /** The network to train on: that of the beginning, which options may repeat but not change. */
  static UNetConfig network(Arguments arguments, UNetConfig found) {
    String origin = arguments.get(FROM);
    check(arguments, TrainingOptions.SIZE, found.height(), origin);
    check(arguments, TrainingOptions.SIZE, found.width(), origin);
    check(arguments, TrainingOptions.CHANNELS, found.channels(), origin);
    check(arguments, TrainingOptions.WIDTHS, found.widths(), origin);
    check(arguments, TrainingOptions.BLOCKS, found.blocks(), origin);
    check(arguments, TrainingOptions.PATCH, found.patch(), origin);
    check(arguments, TrainDenoiserCommand.CLASSES, found.classes(), origin);
    return found;
  }

  private static <T> void check(Arguments arguments, Opt<T> option, T expected, String origin) {
    if (arguments.has(option) && !arguments.get(option).equals(expected)) {
      throw mismatch(option, expected.toString(), arguments.get(option), origin);
    }
  }

  static NoiseScheduleConfig schedule(Arguments arguments, StartingDenoiser start) {
    NoiseScheduleConfig wanted = TrainingOptions.schedule(arguments);
    NoiseScheduleConfig found = start.schedule().orElse(wanted);
    if (arguments.has(TrainingOptions.SCHEDULE) && !found.equals(wanted)) {
      throw mismatch(
          TrainingOptions.SCHEDULE,
          found.toString(),
          arguments.get(TrainingOptions.SCHEDULE),
          arguments.get(FROM));
    }
    return found;
  }

  static PredictionType prediction(Arguments arguments, StartingDenoiser start) {
    PredictionType wanted = TrainDenoiserCommand.prediction(arguments);
    PredictionType found = start.prediction().orElse(wanted);
    if (arguments.has(TrainDenoiserCommand.PREDICTION) && found != wanted) {
      throw mismatch(
          TrainDenoiserCommand.PREDICTION,
          found.toString(),
          arguments.get(TrainDenoiserCommand.PREDICTION),
          arguments.get(FROM));
    }
    return found;
  }

  private static UsageException mismatch(
      Opt<?> option, String expected, Object found, String origin) {
    return new UsageException(
        "--"
            + option.name()
            + ": expected "
            + expected
            + ", which "
            + origin
            + " has, found "
            + found
            + "; leave it out");
  }
}
