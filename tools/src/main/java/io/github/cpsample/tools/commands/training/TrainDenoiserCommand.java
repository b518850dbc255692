package io.github.cpsample.tools.commands.training;

import io.github.cpsample.diffusion.NoiseScheduleConfig;
import io.github.cpsample.diffusion.PredictionType;
import io.github.cpsample.image.ImageShape;
import io.github.cpsample.tools.cli.Arguments;
import io.github.cpsample.tools.cli.Command;
import io.github.cpsample.tools.cli.CommandSpec;
import io.github.cpsample.tools.cli.Opt;
import io.github.cpsample.tools.cli.Terminal;
import io.github.cpsample.tools.commands.shared.DataOptions;
import io.github.cpsample.tools.commands.training.FineTuningOptions.Kept;
import io.github.cpsample.tools.training.TrainingImages;
import io.github.cpsample.trainer.data.BrokenImages;
import io.github.cpsample.trainer.data.ImageDataset;
import io.github.cpsample.trainer.data.RemainingImages;
import io.github.cpsample.trainer.export.DenoiserBase;
import io.github.cpsample.trainer.export.StartingDenoiser;
import io.github.cpsample.trainer.network.UNetConfig;
import io.github.cpsample.trainer.training.DenoiserData;
import io.github.cpsample.trainer.training.DenoiserRun;
import io.github.cpsample.trainer.training.DenoiserSettings;
import io.github.cpsample.trainer.training.DenoiserTraining;
import io.github.cpsample.trainer.training.OptimizerConfig;
import io.github.cpsample.trainer.training.ProgressBars;
import io.github.cpsample.trainer.training.TrainingBudget;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;

/** {@code cpsample train denoiser}: trains a diffusion model. */
public final class TrainDenoiserCommand implements Command {

  private static final Opt<Integer> BATCH = Opt.integer("batch", "images per step", 1).or(32);
  static final Opt<Integer> CLASSES =
      Opt.integer("classes", "class labels, for a class-conditional model; 0: none", 0).or(0);
  static final Opt<String> PREDICTION =
      Opt.choice(
              "prediction",
              "what the network predicts: the noise, the velocity, the clean image",
              List.of("epsilon", "v", "x0"))
          .or("epsilon");
  private static final Opt<String> WITHOUT =
      Opt.text(
          "without",
          "PATH|fashion-mnist",
          "leave out every image of --data whose pixels equal one of these; for a base, which must"
              + " not know what is to be protected");
  private static final Opt<Path> BASE =
      Opt.path(
          "base",
          "DIR",
          "when the steps are done, also write the denoiser there as a base to fine-tune:"
              + " denoiser.onnx in half precision, and recipe.json");
  private static final int TIME_WIDTH = 128;
  private static final int GROUPS = 8;
  private static final int LARGEST_ATTENTION = 16;

  /** What is trained on which images, apart from the settings of the training itself. */
  private record Task(
      TrainingBudget budget,
      TrainingImages images,
      Optional<TrainingImages> without,
      Optional<Kept> kept,
      Optional<Path> base,
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
            DataOptions.DATA,
            DataOptions.LIMIT,
            WITHOUT,
            FineTuningOptions.FROM,
            FineTuningOptions.KEEP,
            FineTuningOptions.KEEP_SHARE,
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
            TrainingOptions.AVERAGED,
            TrainingOptions.FLIPS,
            TrainingOptions.SEED,
            BASE,
            TrainingOptions.OUT),
        "cpsample train denoiser --data photos --size 32 --widths 64,128 --out runs/denoiser");
  }

  @Override
  public Action prepare(Arguments arguments) {
    TrainingImages images = DataOptions.images(arguments);
    Planned planned = planned(arguments);
    NoiseScheduleConfig schedule = TrainingOptions.schedule(arguments);
    PredictionType prediction = prediction(arguments);
    Optional<String> from = arguments.find(FineTuningOptions.FROM);
    Optional<UNetConfig> fresh =
        from.isPresent()
            ? Optional.empty()
            : Optional.of(network(arguments, TrainingOptions.shape(arguments, images)));
    Task task =
        new Task(
            TrainingOptions.budget(arguments),
            images,
            arguments.find(WITHOUT).map(it -> new TrainingImages(it, OptionalInt.empty())),
            FineTuningOptions.kept(arguments),
            arguments.find(BASE),
            arguments.get(TrainingOptions.OUT));
    return terminal -> {
      if (fresh.isPresent()) {
        DenoiserSettings settings = planned.with(fresh.get(), schedule, prediction);
        run(settings, Optional.empty(), task, terminal);
      } else {
        StartingDenoiser start = FineTuningOptions.open(from.orElseThrow());
        DenoiserSettings settings =
            planned.with(
                FineTuningOptions.network(arguments, start.network()),
                FineTuningOptions.schedule(arguments, start),
                FineTuningOptions.prediction(arguments, start));
        run(settings, Optional.of(start.weights()), task, terminal);
      }
    };
  }

  /** Settings of which the network and what it was made for are not known yet. */
  private interface Planned {
    DenoiserSettings with(
        UNetConfig network, NoiseScheduleConfig schedule, PredictionType prediction);
  }

  private static Planned planned(Arguments arguments) {
    OptimizerConfig optimizer =
        TrainingOptions.optimizer(arguments, arguments.get(TrainingOptions.AVERAGED));
    int batch = arguments.get(BATCH);
    boolean flips = arguments.has(TrainingOptions.FLIPS);
    long seed = arguments.get(TrainingOptions.SEED);
    return (network, schedule, prediction) ->
        new DenoiserSettings(network, schedule, prediction, optimizer, batch, flips, seed);
  }

  static PredictionType prediction(Arguments arguments) {
    return switch (arguments.get(PREDICTION)) {
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

  private static void run(
      DenoiserSettings settings, Optional<float[]> start, Task task, Terminal terminal)
      throws IOException, InterruptedException {
    UNetConfig network = settings.network();
    ImageShape shape = new ImageShape(network.channels(), network.height(), network.width());
    BrokenImages broken = DataOptions.reportBroken(terminal);
    try (ImageDataset all = task.images().openTraining(shape);
        ImageDataset kept =
            task.kept().isPresent() ? task.kept().get().images().openPublic(shape) : null) {
      ImageDataset images = remaining(all, task, terminal);
      DenoiserData data =
          new DenoiserData(
              images,
              broken,
              start,
              task.kept()
                  .map(
                      it ->
                          new DenoiserData.Rehearsal(
                              kept, DataOptions.reportBroken(terminal), it.share())));
      DenoiserRun run =
          DenoiserTraining.run(
              settings,
              task.budget(),
              data,
              task.out(),
              ProgressBars.on(terminal.err(), terminal.interactive()));
      TrainingOptions.TrainingEnd.report(
          new TrainingOptions.TrainingEnd(
              run.ended(), run.steps(), run.images(), broken.count(), task.out()),
          terminal);
      if (task.base().isPresent() && run.ended().equals("steps")) {
        DenoiserBase.write(task.out(), images, broken, task.base().get());
      }
    }
    terminal.out().println("next: cpsample " + next(task));
  }

  private static String next(Task task) {
    return task.base()
        .map(base -> "train denoiser --from " + base + " --data PATH --out RUN")
        .orElse(
            "train classifier --denoiser "
                + task.out()
                + " --data "
                + task.images().source()
                + " --heldout PATH --out RUN");
  }

  /** The training images without those to be left out, of which it says how many there were. */
  private static ImageDataset remaining(ImageDataset all, Task task, Terminal terminal) {
    if (task.without().isEmpty()) {
      return all;
    }
    TrainingImages without = task.without().get();
    try (ImageDataset unwanted = without.openTraining(all.shape())) {
      RemainingImages remaining =
          RemainingImages.of(all, unwanted, DataOptions.reportBroken(terminal));
      terminal
          .out()
          .printf(
              Locale.ROOT,
              "%,d images left out, which are among %s; %,d remain%n",
              remaining.leftOut(),
              without.source(),
              remaining.images().size());
      return remaining.images();
    }
  }
}
