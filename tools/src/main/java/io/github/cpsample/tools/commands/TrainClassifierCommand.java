package io.github.cpsample.tools.commands;

import io.github.cpsample.diffusion.NoiseScheduleConfig;
import io.github.cpsample.image.ImageShape;
import io.github.cpsample.tools.cli.Arguments;
import io.github.cpsample.tools.cli.Command;
import io.github.cpsample.tools.cli.CommandSpec;
import io.github.cpsample.tools.cli.Opt;
import io.github.cpsample.tools.cli.Terminal;
import io.github.cpsample.tools.cli.UsageException;
import io.github.cpsample.tools.training.RunSecrets;
import io.github.cpsample.tools.training.TrainingImages;
import io.github.cpsample.trainer.data.BrokenImages;
import io.github.cpsample.trainer.data.ImageDataset;
import io.github.cpsample.trainer.network.ClassifierConfig;
import io.github.cpsample.trainer.network.UNetConfig;
import io.github.cpsample.trainer.training.Background;
import io.github.cpsample.trainer.training.ClassifierData;
import io.github.cpsample.trainer.training.ClassifierRun;
import io.github.cpsample.trainer.training.ClassifierSettings;
import io.github.cpsample.trainer.training.ClassifierTraining;
import io.github.cpsample.trainer.training.DenoiserSettings;
import io.github.cpsample.trainer.training.DenoiserTraining;
import io.github.cpsample.trainer.training.MemorizationTarget;
import io.github.cpsample.trainer.training.ProgressBars;
import io.github.cpsample.trainer.training.TrainingBudget;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** {@code cpsample train classifier}: trains the classifier that protects a diffusion model. */
public final class TrainClassifierCommand implements Command {

  private static final Opt<Path> DENOISER =
      Opt.path(
          "denoiser",
          "RUN",
          "run of the denoiser to protect: gives noise schedule, image shape and flips. Leave it"
              + " out for a denoiser that was not trained here and give those instead");
  private static final Opt<String> HELDOUT =
      Opt.text(
          "heldout",
          "PATH|fashion-mnist",
          "images of the same kind that were not trained on, to measure false alarms; without"
              + " them only training images are measured");
  private static final Opt<Integer> BITS =
      Opt.integer("bits", "random bits per image; 1 is the paper's classifier", 1).or(32);
  private static final Opt<Integer> BATCH = Opt.integer("batch", "images per step", 1).or(64);
  private static final Opt<Double> BACKGROUND =
      Opt.decimal(
              "background",
              "SHARE",
              "share of every batch replaced by mixtures of images, of which the classifier learns"
                  + " to be uncertain; 0 is the paper's training",
              s -> s >= 0 && s <= 1,
              "a number in [0, 1]")
          .or(0.0);
  private static final Opt<Double> ACCURACY =
      share("target-accuracy", "stop when this share of the bits is right").or(0.999);
  private static final Opt<Double> CERTAINTY =
      share("target-certainty", "and the mean certainty is at least this").or(0.995);
  private static final Background MIXTURES = new Background(0.5, 0.45, 0.65);
  private static final List<Integer> TARGET_TIMESTEPS = List.of(1, 101, 201, 301);
  private static final int TIME_WIDTH = 64;

  private static Opt<Double> share(String name, String description) {
    return Opt.decimal(name, "A", description, a -> a >= 0 && a <= 1, "a number in [0, 1]");
  }

  private record Settings(
      ClassifierSettings training,
      TrainingBudget budget,
      TrainingImages images,
      Optional<TrainingImages> heldOut,
      ImageShape shape,
      Path out) {}

  /** What a classifier has to share with the denoiser it protects. */
  private record Guarded(NoiseScheduleConfig schedule, ImageShape shape, boolean flips) {}

  @Override
  public CommandSpec spec() {
    return new CommandSpec(
        "train classifier",
        "Train the classifier that protects a diffusion model's training images",
        "",
        "The denoiser is not changed and need not have been trained here: its noise schedule and"
            + " its training images are enough. The run folder also holds code.key, from which the"
            + " bits of the images are derived; keep it with the training data.",
        List.of(
            DENOISER,
            TrainingOptions.DATA,
            TrainingOptions.LIMIT,
            HELDOUT,
            TrainingOptions.SIZE,
            TrainingOptions.CHANNELS,
            TrainingOptions.SCHEDULE,
            TrainingOptions.FLIPS,
            BITS,
            BACKGROUND,
            ACCURACY,
            CERTAINTY,
            TrainingOptions.WIDTHS,
            TrainingOptions.BLOCKS,
            TrainingOptions.PATCH,
            TrainingOptions.STEPS,
            TrainingOptions.MINUTES,
            BATCH,
            TrainingOptions.RATE,
            TrainingOptions.SEED,
            TrainingOptions.OUT),
        "cpsample train classifier --denoiser runs/denoiser --data photos --heldout others --out"
            + " runs/classifier");
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
    settings(arguments, images, given);
    return terminal ->
        run(
            settings(arguments, images, denoiser.isPresent() ? guarded(denoiser.get()) : given),
            terminal);
  }

  private static Guarded guarded(Path run) throws IOException {
    DenoiserSettings denoiser = DenoiserTraining.read(run).run().settings();
    UNetConfig network = denoiser.network();
    return new Guarded(
        denoiser.schedule(),
        new ImageShape(network.channels(), network.height(), network.width()),
        denoiser.horizontalFlips());
  }

  private static Settings settings(Arguments arguments, TrainingImages images, Guarded guarded) {
    ImageShape shape = guarded.shape();
    ClassifierConfig network =
        new ClassifierConfig(
            shape.channels(),
            shape.height(),
            shape.width(),
            arguments.get(TrainingOptions.PATCH),
            arguments.find(TrainingOptions.WIDTHS).orElse(List.of(32, 64)),
            arguments.get(TrainingOptions.BLOCKS),
            TIME_WIDTH,
            arguments.get(BITS));
    ClassifierSettings training =
        new ClassifierSettings(
            network,
            guarded.schedule(),
            TrainingOptions.optimizer(arguments),
            arguments.get(BATCH),
            guarded.flips(),
            new Background(arguments.get(BACKGROUND), MIXTURES.uncertain(), MIXTURES.certain()),
            new MemorizationTarget(
                TARGET_TIMESTEPS, arguments.get(ACCURACY), arguments.get(CERTAINTY)),
            arguments.get(TrainingOptions.SEED));
    return new Settings(
        training,
        TrainingOptions.budget(arguments),
        images,
        arguments.find(HELDOUT).map(path -> new TrainingImages(path, OptionalInt.empty())),
        shape,
        arguments.get(TrainingOptions.OUT));
  }

  private static void run(Settings settings, Terminal terminal)
      throws IOException, InterruptedException {
    BrokenImages broken = TrainingOptions.reportBroken(terminal);
    ClassifierRun run;
    try (ImageDataset images = settings.images().openTraining(settings.shape());
        ImageDataset heldOut =
            settings.heldOut().isPresent()
                ? settings.heldOut().get().openHeldOut(settings.shape())
                : null) {
      run =
          ClassifierTraining.run(
              settings.training(),
              settings.budget(),
              new ClassifierData(
                  images, Optional.ofNullable(heldOut), RunSecrets.key(settings.out()), broken),
              settings.out(),
              ProgressBars.on(terminal.err(), terminal.interactive()));
      RunSecrets.record(settings.out(), images, broken);
    }
    TrainingEnd.report(
        new TrainingEnd(run.ended(), run.steps(), run.images(), broken.count(), settings.out()),
        terminal);
    ManifestText.memorisation(run.curve()).forEach(terminal.out()::println);
    terminal
        .out()
        .println(
            run.targetReached()
                ? "memorisation target met"
                : "memorisation target not met: train longer (--steps), or widen the network"
                    + " (--widths)");
  }
}
