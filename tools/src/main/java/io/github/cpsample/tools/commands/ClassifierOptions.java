package io.github.cpsample.tools.commands;

import io.github.cpsample.diffusion.NoiseScheduleConfig;
import io.github.cpsample.image.ImageShape;
import io.github.cpsample.tools.cli.Arguments;
import io.github.cpsample.tools.cli.Opt;
import io.github.cpsample.tools.cli.Terminal;
import io.github.cpsample.tools.training.RunSecrets;
import io.github.cpsample.tools.training.TrainingImages;
import io.github.cpsample.trainer.data.BrokenImages;
import io.github.cpsample.trainer.data.ImageDataset;
import io.github.cpsample.trainer.network.ClassifierConfig;
import io.github.cpsample.trainer.training.Background;
import io.github.cpsample.trainer.training.ClassifierData;
import io.github.cpsample.trainer.training.ClassifierRun;
import io.github.cpsample.trainer.training.ClassifierSettings;
import io.github.cpsample.trainer.training.ClassifierTraining;
import io.github.cpsample.trainer.training.MemorizationTarget;
import io.github.cpsample.trainer.training.ProgressBars;
import io.github.cpsample.trainer.training.TrainingBudget;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** What the commands share that train a classifier. */
final class ClassifierOptions {

  static final Opt<String> HELDOUT =
      Opt.text(
          "heldout",
          "PATH|fashion-mnist",
          "images of the same kind that were not trained on, to measure false alarms; without"
              + " them only training images are measured");
  static final Opt<Integer> BITS =
      Opt.integer("bits", "random bits per image; 1 is the paper's classifier", 1).or(32);
  static final Opt<Integer> BATCH = Opt.integer("batch", "images per step", 1).or(64);
  static final Opt<Double> BACKGROUND =
      Opt.decimal(
              "background",
              "SHARE",
              "share of every batch replaced by mixtures of images, of which the classifier learns"
                  + " to be uncertain; 0 is the paper's training",
              s -> s >= 0 && s <= 1,
              "a number in [0, 1]")
          .or(0.0);
  static final Opt<Double> ACCURACY =
      share("target-accuracy", "stop when this share of the bits is right").or(0.999);
  static final Opt<Double> CERTAINTY =
      share("target-certainty", "and the mean certainty is at least this").or(0.995);

  /** The options of the training itself, in the order of the help. */
  static final List<Opt<?>> OF_TRAINING =
      List.of(
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
          TrainingOptions.SEED);

  private static final Background MIXTURES = new Background(0.5, 0.45, 0.65);
  private static final List<Integer> TARGET_TIMESTEPS = List.of(1, 101, 201, 301);
  private static final int TARGET_SCHEDULE = 1000;
  private static final int TIME_WIDTH = 64;

  private ClassifierOptions() {}

  /** What a classifier has to share with the denoiser it protects. */
  record Guarded(NoiseScheduleConfig schedule, ImageShape shape, boolean flips) {}

  private static Opt<Double> share(String name, String description) {
    return Opt.decimal(name, "A", description, a -> a >= 0 && a <= 1, "a number in [0, 1]");
  }

  static Optional<TrainingImages> heldOut(Arguments arguments) {
    return arguments.find(HELDOUT).map(path -> new TrainingImages(path, OptionalInt.empty()));
  }

  static ClassifierSettings settings(Arguments arguments, Guarded guarded) {
    return settings(
        arguments,
        guarded,
        arguments.get(BITS),
        arguments.get(BATCH),
        arguments.get(TrainingOptions.SEED));
  }

  /** The same, where options of these names mean something else. */
  static ClassifierSettings settings(
      Arguments arguments, Guarded guarded, int bits, int batch, long seed) {
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
            bits);
    return new ClassifierSettings(
        network,
        guarded.schedule(),
        TrainingOptions.optimizer(arguments),
        batch,
        guarded.flips(),
        new Background(arguments.get(BACKGROUND), MIXTURES.uncertain(), MIXTURES.certain()),
        new MemorizationTarget(
            targets(guarded.schedule().trainTimesteps()),
            arguments.get(ACCURACY),
            arguments.get(CERTAINTY)),
        seed);
  }

  /** The same shares of a schedule, whatever its length. */
  private static List<Integer> targets(int timesteps) {
    return TARGET_TIMESTEPS.stream()
        .map(t -> (int) ((long) t * timesteps / TARGET_SCHEDULE))
        .distinct()
        .toList();
  }

  /**
   * What is trained on what, and for how long.
   *
   * @param settings what to train
   * @param budget when to end
   * @param images to be protected
   * @param heldOut others, to measure false alarms with
   * @param data what the classifier sees of them
   */
  record Task(
      ClassifierSettings settings,
      TrainingBudget budget,
      TrainingImages images,
      Optional<TrainingImages> heldOut,
      TrainingData data) {}

  /**
   * Trains, or goes on with the run that is there, and prints what it came to.
   *
   * @throws InterruptedException if the training was interrupted
   */
  static ClassifierRun train(
      ClassifierSettings settings,
      TrainingData data,
      Arguments arguments,
      Path out,
      Terminal terminal)
      throws IOException, InterruptedException {
    Task task =
        new Task(
            settings,
            TrainingOptions.budget(arguments),
            TrainingOptions.images(arguments),
            heldOut(arguments),
            data);
    return train(task, out, terminal);
  }

  /**
   * Trains, or goes on with the run that is there, and prints what it came to.
   *
   * @throws InterruptedException if the training was interrupted
   */
  static ClassifierRun train(Task task, Path out, Terminal terminal)
      throws IOException, InterruptedException {
    ImageShape shape = task.data().pictures();
    BrokenImages broken = TrainingOptions.reportBroken(terminal);
    ClassifierRun run;
    try (ImageDataset images = task.data().of(task.images().openTraining(shape), "training");
        ImageDataset heldOut =
            task.heldOut().isPresent()
                ? task.data().of(task.heldOut().get().openHeldOut(shape), "heldout")
                : null) {
      run =
          ClassifierTraining.run(
              task.settings(),
              task.budget(),
              new ClassifierData(images, Optional.ofNullable(heldOut), RunSecrets.key(out), broken),
              out,
              ProgressBars.on(terminal.err(), terminal.interactive()));
      RunSecrets.record(out, images, broken);
    }
    TrainingEnd.report(
        new TrainingEnd(run.ended(), run.steps(), run.images(), broken.count(), out), terminal);
    ManifestText.memorisation(run.curve()).forEach(terminal.out()::println);
    return run;
  }
}
