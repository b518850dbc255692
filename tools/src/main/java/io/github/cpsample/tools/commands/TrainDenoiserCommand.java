package io.github.cpsample.tools.commands;

import io.github.cpsample.diffusion.PredictionType;
import io.github.cpsample.image.ImageShape;
import io.github.cpsample.tools.cli.Arguments;
import io.github.cpsample.tools.cli.Command;
import io.github.cpsample.tools.cli.CommandSpec;
import io.github.cpsample.tools.cli.Opt;
import io.github.cpsample.tools.cli.Terminal;
import io.github.cpsample.tools.training.TrainingImages;
import io.github.cpsample.trainer.data.BrokenImages;
import io.github.cpsample.trainer.data.ImageDataset;
import io.github.cpsample.trainer.network.UNetConfig;
import io.github.cpsample.trainer.training.DenoiserData;
import io.github.cpsample.trainer.training.DenoiserRun;
import io.github.cpsample.trainer.training.DenoiserSettings;
import io.github.cpsample.trainer.training.DenoiserTraining;
import io.github.cpsample.trainer.training.ProgressBars;
import io.github.cpsample.trainer.training.TrainingBudget;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/** {@code cpsample train denoiser}: trains a diffusion model. */
public final class TrainDenoiserCommand implements Command {

  private static final Opt<Integer> BATCH = Opt.integer("batch", "images per step", 1).or(32);
  private static final Opt<Integer> CLASSES =
      Opt.integer("classes", "class labels, for a class-conditional model; 0: none", 0).or(0);
  private static final Opt<String> PREDICTION =
      Opt.choice(
              "prediction",
              "what the network predicts: the noise, the velocity, the clean image",
              List.of("epsilon", "v", "x0"))
          .or("epsilon");
  private static final int TIME_WIDTH = 128;
  private static final int GROUPS = 8;
  private static final int LARGEST_ATTENTION = 16;

  private record Settings(
      DenoiserSettings training,
      TrainingBudget budget,
      TrainingImages images,
      ImageShape shape,
      Path out) {}

  /** The command; it has no state. */
  public TrainDenoiserCommand() {}

  @Override
  public CommandSpec spec() {
    return new CommandSpec(
        "train denoiser",
        "Train a diffusion model on images",
        "",
        "A run folder holds run.json, checkpoint.bin and metrics.jsonl. An interrupted run goes on"
            + " exactly where it stopped when the same command is given again.",
        List.of(
            TrainingOptions.DATA,
            TrainingOptions.LIMIT,
            TrainingOptions.SIZE,
            TrainingOptions.CHANNELS,
            TrainingOptions.WIDTHS,
            TrainingOptions.BLOCKS,
            TrainingOptions.PATCH,
            CLASSES,
            TrainingOptions.SCHEDULE,
            PREDICTION,
            TrainingOptions.STEPS,
            TrainingOptions.MINUTES,
            BATCH,
            TrainingOptions.RATE,
            TrainingOptions.FLIPS,
            TrainingOptions.SEED,
            TrainingOptions.OUT),
        "cpsample train denoiser --data photos --size 32 --widths 64,128 --out runs/denoiser");
  }

  @Override
  public Action prepare(Arguments arguments) {
    TrainingImages images = TrainingOptions.images(arguments);
    ImageShape shape = TrainingOptions.shape(arguments, images);
    DenoiserSettings training =
        new DenoiserSettings(
            network(arguments, shape),
            TrainingOptions.schedule(arguments),
            prediction(arguments.get(PREDICTION)),
            TrainingOptions.optimizer(arguments),
            arguments.get(BATCH),
            arguments.has(TrainingOptions.FLIPS),
            arguments.get(TrainingOptions.SEED));
    Settings settings =
        new Settings(
            training,
            TrainingOptions.budget(arguments),
            images,
            shape,
            arguments.get(TrainingOptions.OUT));
    return terminal -> run(settings, terminal);
  }

  private static PredictionType prediction(String name) {
    return switch (name) {
      case "v" -> PredictionType.V_PREDICTION;
      case "x0" -> PredictionType.SAMPLE;
      default -> PredictionType.EPSILON;
    };
  }

  /** The U-Net, with self-attention at the coarsest level unless that is too large. */
  private static UNetConfig network(Arguments arguments, ImageShape shape) {
    List<Integer> widths = arguments.find(TrainingOptions.WIDTHS).orElse(List.of(32, 64));
    int patch = arguments.get(TrainingOptions.PATCH);
    int coarsest = (shape.height() / patch) >> (widths.size() - 1);
    return new UNetConfig(
        shape.channels(),
        shape.height(),
        shape.width(),
        patch,
        widths,
        arguments.get(TrainingOptions.BLOCKS),
        coarsest <= LARGEST_ATTENTION ? List.of(coarsest) : List.of(),
        TIME_WIDTH,
        GROUPS,
        arguments.get(CLASSES));
  }

  private static void run(Settings settings, Terminal terminal)
      throws IOException, InterruptedException {
    BrokenImages broken = TrainingOptions.reportBroken(terminal);
    DenoiserRun run;
    try (ImageDataset images = settings.images().openTraining(settings.shape())) {
      run =
          DenoiserTraining.run(
              settings.training(),
              settings.budget(),
              DenoiserData.of(images, broken),
              settings.out(),
              ProgressBars.on(terminal.err(), terminal.interactive()));
    }
    TrainingEnd.report(
        new TrainingEnd(run.ended(), run.steps(), run.images(), broken.count(), settings.out()),
        terminal);
    terminal
        .out()
        .printf(
            Locale.ROOT,
            "next: cpsample train classifier --denoiser %s --data %s --heldout PATH --out RUN%n",
            settings.out(),
            settings.images().source());
  }
}
