package io.github.cpsample.tools.commands.training;

import io.github.cpsample.diffusion.NoiseScheduleConfig;
import io.github.cpsample.image.ImageShape;
import io.github.cpsample.protection.Subject;
import io.github.cpsample.tools.cli.Arguments;
import io.github.cpsample.tools.cli.Opt;
import io.github.cpsample.tools.cli.Terminal;
import io.github.cpsample.tools.cli.UsageException;
import io.github.cpsample.tools.commands.shared.DataOptions;
import io.github.cpsample.tools.commands.shared.ManifestText;
import io.github.cpsample.tools.commands.shared.ProtectionOptions;
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
import io.github.cpsample.trainer.training.DenoisedStates;
import io.github.cpsample.trainer.training.Exposure;
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

  private static final double USUAL_FALSE_ALARMS = 0.01;
  static final Opt<String> HELDOUT =
      Opt.text(
          "heldout",
          "PATH|fashion-mnist",
          "images of the same kind that were not trained on, to measure thresholds and false alarms"
              + " on; without them a tenth of the strangers is set aside for it");
  static final Opt<Integer> BITS =
      Opt.integer("bits", "random bits per image; 1 is the paper's classifier", 1).or(32);
  static final Opt<Integer> BATCH = Opt.integer("batch", "images per step", 1).or(64);
  static final Opt<Double> BACKGROUND =
      Opt.decimal(
              "background",
              "SHARE",
              "share of the training images in a batch that are replaced by mixtures of them; 0.5"
                  + " where no strangers can be had",
              s -> s >= 0 && s <= 1,
              "a number in [0, 1]")
          .or(0.0);
  static final Opt<Double> ACCURACY =
      share(
          "target-accuracy",
          "memorised enough when this share of the bits is right; default: 0.99, with"
              + " --stranger-share 0: 0.999");
  static final Opt<Double> CERTAINTY =
      share(
          "target-certainty",
          "and the mean certainty is at least this; default: 0.95, with --stranger-share 0: 0.995");
  static final Opt<String> STRANGERS =
      Opt.text(
          "strangers",
          "PATH|fashion-mnist",
          "images that need no protection, of which the classifier learns to be uncertain; without"
              + " them: samples of the denoiser that are not near a training image, and where it"
              + " cannot be run mixtures of the training images");
  static final Opt<Integer> STRANGER_SAMPLES =
      Opt.integer(
              "stranger-samples",
              "without --strangers: how many samples of the denoiser to make",
              0)
          .or(2_000);
  static final Opt<Integer> TRAJECTORIES =
      Opt.integer(
              "trajectories",
              "how many samples of the denoiser to make for the states along their way",
              0)
          .or(1_000);
  static final Opt<Integer> STATES =
      Opt.integer(
              "states", "with --asks x0: how many noised images to denoise before the training", 16)
          .or(15_000);
  static final Opt<Double> STRANGER_SHARE =
      Opt.decimal(
              "stranger-share",
              "SHARE",
              "share of strangers in a batch; 0 is the paper's training, which shows training"
                  + " images only",
              s -> s >= 0 && s < 1,
              "a number in [0, 1)")
          .or(0.5);
  static final Opt<Double> RISE =
      share(
          "rise",
          "begin with the training images alone, and let noise and then strangers rise over this"
              + " share of the steps; many images are not memorised without it; default: 0.7 where"
              + " there are more than 400, otherwise 0");
  static final Opt<String> ASKS =
      ProtectionOptions.ASKS.noted("; default: x0 where the denoiser can be run");
  static final Opt<Double> FALSE_ALARMS =
      Opt.decimal(
              "false-alarms",
              "R",
              "share of strangers that may be guarded at any noise level; the thresholds are"
                  + " measured for it",
              r -> r > 0 && r < 1,
              "a number in (0, 1)")
          .or(USUAL_FALSE_ALARMS);
  static final Opt<Long> STEPS =
      Opt.wide(
          "steps",
          "N",
          "training steps; the learning rate is planned over them; default: 6 for every training"
              + " image, at least 4000");

  /** The options of the training itself, in the order of the help. */
  static final List<Opt<?>> OF_TRAINING =
      List.of(
          STRANGERS,
          STRANGER_SAMPLES,
          STRANGER_SHARE,
          RISE,
          TRAJECTORIES,
          STATES,
          ASKS,
          FALSE_ALARMS,
          BITS,
          BACKGROUND,
          ACCURACY,
          CERTAINTY,
          TrainingOptions.WIDTHS,
          TrainingOptions.BLOCKS,
          TrainingOptions.PATCH,
          STEPS,
          TrainingOptions.MINUTES,
          BATCH,
          TrainingOptions.RATE,
          TrainingOptions.SEED);

  private static final List<Integer> TARGET_TIMESTEPS = List.of(1, 101, 201, 301);
  private static final int TARGET_SCHEDULE = 1000;
  private static final int TIME_WIDTH = 64;

  private ClassifierOptions() {}

  /**
   * What a classifier has to share with the denoiser it protects.
   *
   * @param schedule the noise schedule
   * @param shape of the images
   * @param flips whether it was trained on mirrored images
   * @param runnable whether it can be run, so that the classifier may be asked about x0
   */
  record Guarded(NoiseScheduleConfig schedule, ImageShape shape, boolean flips, boolean runnable) {

    /** A denoiser that cannot be run. */
    Guarded(NoiseScheduleConfig schedule, ImageShape shape, boolean flips) {
      this(schedule, shape, flips, false);
    }
  }

  /** Settings with strangers, unless their share is 0. */
  private static ClassifierSettings exposed(
      ClassifierSettings settings, Arguments arguments, boolean runnable) {
    double share = arguments.get(STRANGER_SHARE);
    Optional<Subject> asks = arguments.find(ASKS).map(Subject::named);
    if (share == 0) {
      requireNoStrangers(arguments, asks);
      return settings;
    }
    if (!runnable && asks.equals(Optional.of(Subject.X_0))) {
      throw new UsageException(
          "--asks: expected x_t, since x0 is what a denoiser sees and none was given, found x0;"
              + " give --denoiser");
    }
    int timesteps = settings.schedule().trainTimesteps();
    Exposure exposure = Exposure.standard(timesteps).withStrangerShare(share);
    int last =
        arguments
            .find(ProtectionOptions.GUARDED)
            .map(guarded -> Math.min(guarded.last(), timesteps - 1))
            .orElse(exposure.pool().lastTimestep());
    Exposure.Pool pool =
        new Exposure.Pool(
            arguments.get(STRANGER_SAMPLES),
            arguments.get(STATES),
            arguments.get(TRAJECTORIES),
            last);
    MemorizationTarget target =
        new MemorizationTarget(
            settings.target().timesteps(),
            arguments.find(ACCURACY).orElse(0.99),
            arguments.find(CERTAINTY).orElse(0.95));
    return settings
        .exposedTo(exposure.withPool(pool), asks.orElse(runnable ? Subject.X_0 : Subject.X_T))
        .until(target);
  }

  /** Fails where the options on strangers contradict each other. */
  static void check(Arguments arguments) {
    if (arguments.get(STRANGER_SHARE) == 0) {
      requireNoStrangers(arguments, arguments.find(ASKS).map(Subject::named));
    }
  }

  private static void requireNoStrangers(Arguments arguments, Optional<Subject> asks) {
    if (arguments.has(STRANGERS)) {
      throw new UsageException("--strangers: expected none, since --stranger-share is 0");
    }
    if (arguments.has(RISE)) {
      throw new UsageException("--rise: expected none, since --stranger-share is 0");
    }
    if (asks.equals(Optional.of(Subject.X_0))) {
      throw new UsageException(
          "--asks: expected x_t, since a classifier learns x0 from strangers too and"
              + " --stranger-share is 0, found x0");
    }
  }

  private static Opt<Double> share(String name, String description) {
    return Opt.decimal(name, "A", description, a -> a >= 0 && a <= 1, "a number in [0, 1]");
  }

  static Optional<TrainingImages> heldOut(Arguments arguments) {
    return arguments.find(HELDOUT).map(path -> new TrainingImages(path, OptionalInt.empty()));
  }

  static Optional<TrainingImages> strangers(Arguments arguments) {
    return arguments.find(STRANGERS).map(path -> new TrainingImages(path, OptionalInt.empty()));
  }

  static ClassifierSettings settings(Arguments arguments, Guarded guarded) {
    return settings(
        arguments,
        guarded,
        arguments.get(BITS),
        arguments.get(BATCH),
        arguments.get(TrainingOptions.SEED));
  }

  /** The same where options of these names mean something else. */
  static ClassifierSettings settings(
      Arguments arguments, Guarded guarded, int bits, int batch, long seed) {
    ClassifierSettings plain = paper(arguments, guarded, bits, batch, seed);
    return exposed(plain, arguments, guarded.runnable());
  }

  /** The training of the paper. */
  private static ClassifierSettings paper(
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
        new Background(
            arguments.get(BACKGROUND), Background.NONE.uncertain(), Background.NONE.certain()),
        new MemorizationTarget(
            targets(guarded.schedule().trainTimesteps()),
            arguments.find(ACCURACY).orElse(0.999),
            arguments.find(CERTAINTY).orElse(0.995)),
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
   * How long is trained, and how much of it rises; what is not said depends on the number of
   * images.
   *
   * @param steps of the training
   * @param minutes after which it ends at the latest
   * @param rise share of the steps
   */
  record Length(Optional<Long> steps, Optional<Integer> minutes, Optional<Double> rise) {

    /** So many steps, with the usual rise. */
    static Length ofSteps(Optional<Long> steps) {
      return new Length(steps, Optional.empty(), Optional.empty());
    }

    static Length of(Arguments arguments) {
      return new Length(
          arguments.find(STEPS), arguments.find(TrainingOptions.MINUTES), arguments.find(RISE));
    }

    TrainingBudget budget(int images) {
      return TrainingOptions.budget(minutes, steps.orElseGet(() -> Exposure.stepsFor(images)));
    }

    ClassifierSettings with(ClassifierSettings settings, int images) {
      Exposure exposure = settings.exposure();
      return exposure.isSome()
          ? settings.exposedTo(
              rise.map(exposure::risingOver).orElseGet(() -> exposure.forImages(images)),
              settings.asks())
          : settings;
    }
  }

  /**
   * What is trained on what, and for how long.
   *
   * @param settings what to train, but for the rise
   * @param length how long
   * @param images to be protected
   * @param heldOut others, to measure false alarms with
   * @param strangers others that are not protected, to be uncertain of
   * @param data what the classifier sees of them
   * @param falseAlarms what thresholds are measured for
   */
  record Task(
      ClassifierSettings settings,
      Length length,
      TrainingImages images,
      Optional<TrainingImages> heldOut,
      Optional<TrainingImages> strangers,
      TrainingData data,
      double falseAlarms) {

    /** The task that the options of a command describe. */
    static Task of(ClassifierSettings settings, TrainingData data, Arguments arguments) {
      return new Task(
          settings,
          Length.of(arguments),
          DataOptions.images(arguments),
          ClassifierOptions.heldOut(arguments),
          ClassifierOptions.strangers(arguments),
          data,
          arguments.get(FALSE_ALARMS));
    }
  }

  /**
   * Trains, or goes on with the run that is there, and prints what it came to.
   *
   * @param denoiser the denoiser to be protected, where it can be run; not owned
   * @throws InterruptedException if the training was interrupted
   */
  static ClassifierRun train(
      Task task, Optional<DenoisedStates> denoiser, Path out, Terminal terminal)
      throws IOException, InterruptedException {
    ImageShape shape = task.data().pictures();
    BrokenImages broken = DataOptions.reportBroken(terminal);
    ClassifierRun run;
    try (ImageDataset images = task.data().of(task.images().openTraining(shape), "training");
        ImageDataset heldOut =
            task.heldOut().isPresent()
                ? task.data().of(task.heldOut().get().openHeldOut(shape), "heldout")
                : null;
        ImageDataset strangers =
            task.strangers().isPresent()
                ? task.data().of(task.strangers().get().openPublic(shape), "strangers")
                : null) {
      run =
          ClassifierTraining.run(
              task.length().with(task.settings(), images.size()),
              task.length().budget(images.size()),
              new ClassifierData(
                  images,
                  Optional.ofNullable(heldOut),
                  Optional.ofNullable(strangers),
                  denoiser,
                  RunSecrets.key(out),
                  broken,
                  task.falseAlarms()),
              out,
              ProgressBars.on(terminal.err(), terminal.interactive()));
      RunSecrets.record(out, images, broken);
    }
    TrainingOptions.TrainingEnd.report(
        new TrainingOptions.TrainingEnd(
            run.ended(), run.steps(), run.images(), broken.count(), out),
        terminal);
    StrangersText.of(run, task.falseAlarms()).forEach(terminal.out()::println);
    ManifestText.memorisation(run.curve()).forEach(terminal.out()::println);
    return run;
  }

  /** What a classifier sees of pictures. */
  interface TrainingData {
    /** The shape of the pictures. */
    ImageShape pictures();

    /**
     * What it is trained on.
     *
     * @param pictures the pictures; closed with the result, or if this fails
     * @param name of the data set, a plain file name
     */
    ImageDataset of(ImageDataset pictures, String name) throws IOException;

    /** The pictures themselves. */
    static TrainingData pixels(ImageShape shape) {
      return new TrainingData() {
        @Override
        public ImageShape pictures() {
          return shape;
        }

        @Override
        public ImageDataset of(ImageDataset pictures, String name) {
          return pictures;
        }
      };
    }
  }
}
