package io.github.cpsample.tools.commands;

import io.github.cpsample.image.ImageShape;
import io.github.cpsample.tools.cli.Arguments;
import io.github.cpsample.tools.cli.Command;
import io.github.cpsample.tools.cli.CommandSpec;
import io.github.cpsample.tools.cli.Opt;
import io.github.cpsample.tools.cli.UsageException;
import io.github.cpsample.tools.commands.ClassifierOptions.Guarded;
import io.github.cpsample.tools.training.TrainingImages;
import io.github.cpsample.trainer.network.UNetConfig;
import io.github.cpsample.trainer.training.ClassifierRun;
import io.github.cpsample.trainer.training.ClassifierSettings;
import io.github.cpsample.trainer.training.DenoiserSettings;
import io.github.cpsample.trainer.training.DenoiserTraining;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** {@code cpsample train classifier}: trains the classifier that protects a diffusion model. */
public final class TrainClassifierCommand implements Command {

  private static final Opt<Path> DENOISER =
      Opt.path(
          "denoiser",
          "RUN",
          "run of the denoiser to protect: gives noise schedule, image shape and flips. Leave it"
              + " out for a denoiser that was not trained here and give those instead");

  /** The command; it has no state. */
  public TrainClassifierCommand() {}

  @Override
  public CommandSpec spec() {
    return new CommandSpec(
        "train classifier",
        "Train the classifier that protects a diffusion model's training images",
        "",
        "The denoiser is not changed and need not have been trained here: its noise schedule and"
            + " its training images are enough. The run folder also holds code.key, from which the"
            + " bits of the images are derived; keep it with the training data.",
        options(),
        "cpsample train classifier --denoiser runs/denoiser --data photos --heldout others --out"
            + " runs/classifier");
  }

  private static List<Opt<?>> options() {
    List<Opt<?>> options =
        new ArrayList<>(
            List.of(
                DENOISER,
                TrainingOptions.DATA,
                TrainingOptions.LIMIT,
                ClassifierOptions.HELDOUT,
                TrainingOptions.SIZE,
                TrainingOptions.CHANNELS,
                TrainingOptions.SCHEDULE,
                TrainingOptions.FLIPS));
    options.addAll(ClassifierOptions.OF_TRAINING);
    options.add(TrainingOptions.OUT);
    return options;
  }

  @Override
  public Action prepare(Arguments arguments) {
    Optional<Path> denoiser = arguments.find(DENOISER);
    if (denoiser.isPresent()) {
      for (Opt<?> option :
          List.of(
              TrainingOptions.SIZE,
              TrainingOptions.CHANNELS,
              TrainingOptions.SCHEDULE,
              TrainingOptions.FLIPS)) {
        if (arguments.has(option)) {
          throw new UsageException(
              "--" + option.name() + ": expected none, since --denoiser says it");
        }
      }
    }
    TrainingImages images = TrainingOptions.images(arguments);
    Guarded given =
        new Guarded(
            TrainingOptions.schedule(arguments),
            TrainingOptions.shape(arguments, images),
            arguments.has(TrainingOptions.FLIPS));
    ClassifierOptions.settings(arguments, given);
    TrainingOptions.budget(arguments);
    Path out = arguments.get(TrainingOptions.OUT);
    return terminal -> {
      Guarded guarded = denoiser.isPresent() ? guarded(denoiser.get()) : given;
      ClassifierSettings settings = ClassifierOptions.settings(arguments, guarded);
      ClassifierRun run =
          ClassifierOptions.train(
              settings, TrainingData.pixels(guarded.shape()), arguments, out, terminal);
      terminal
          .out()
          .println(
              run.targetReached()
                  ? "memorisation target met"
                  : "memorisation target not met: train longer (--steps), or widen the network"
                      + " (--widths)");
    };
  }

  private static Guarded guarded(Path run) throws IOException {
    DenoiserSettings denoiser = DenoiserTraining.read(run).run().settings();
    UNetConfig network = denoiser.network();
    return new Guarded(
        denoiser.schedule(),
        new ImageShape(network.channels(), network.height(), network.width()),
        denoiser.horizontalFlips());
  }
}
