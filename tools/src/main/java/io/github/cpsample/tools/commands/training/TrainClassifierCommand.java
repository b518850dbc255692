package io.github.cpsample.tools.commands.training;

import io.github.cpsample.bundle.Manifest;
import io.github.cpsample.bundle.ModelBundle;
import io.github.cpsample.image.ImageShape;
import io.github.cpsample.inference.Device;
import io.github.cpsample.inference.ResolvedDevice;
import io.github.cpsample.inference.SessionSettings;
import io.github.cpsample.sampling.ProtectedSampler;
import io.github.cpsample.tools.cli.Arguments;
import io.github.cpsample.tools.cli.Command;
import io.github.cpsample.tools.cli.CommandSpec;
import io.github.cpsample.tools.cli.Opt;
import io.github.cpsample.tools.cli.Terminal;
import io.github.cpsample.tools.cli.UsageException;
import io.github.cpsample.tools.commands.shared.DataOptions;
import io.github.cpsample.tools.commands.shared.ProtectionOptions;
import io.github.cpsample.tools.commands.shared.SamplingOptions;
import io.github.cpsample.tools.commands.training.ClassifierOptions.Guarded;
import io.github.cpsample.tools.commands.training.ClassifierOptions.Task;
import io.github.cpsample.tools.training.TrainingImages;
import io.github.cpsample.trainer.export.TrialBundle;
import io.github.cpsample.trainer.network.UNetConfig;
import io.github.cpsample.trainer.training.ClassifierRun;
import io.github.cpsample.trainer.training.ClassifierSettings;
import io.github.cpsample.trainer.training.DenoisedStates;
import io.github.cpsample.trainer.training.DenoiserRun;
import io.github.cpsample.trainer.training.DenoiserSettings;
import io.github.cpsample.trainer.training.DenoiserTraining;
import io.github.cpsample.trainer.training.ModelStates;
import io.github.cpsample.trainer.training.Trained;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** {@code cpsample train classifier}: trains the classifier that protects a diffusion model. */
public final class TrainClassifierCommand implements Command {

  private static final Opt<Path> DENOISER =
      Opt.path(
          "denoiser",
          "RUN|BUNDLE",
          "the denoiser to protect, a run or a bundle: gives noise schedule, image shape and, if a"
              + " run, flips, and is run for samples and predicted images. Leave it out for a"
              + " denoiser that was not trained here and give those instead, or use 'cpsample"
              + " protect'");

  /** The command; it has no state. */
  public TrainClassifierCommand() {}

  @Override
  public CommandSpec spec() {
    return new CommandSpec(
        "train classifier",
        "Train the classifier that protects a diffusion model's training images",
        "",
        "The classifier learns the random bits of the training images and to be uncertain of"
            + " strangers. The denoiser is not changed and need not have been trained here: its"
            + " noise schedule and its training images are enough, and it helps if it can be run."
            + " The run folder also holds code.key, from which the bits of the images are derived;"
            + " keep it with the training data.",
        options(),
        "cpsample train classifier --denoiser runs/denoiser --data photos --strangers public --out"
            + " runs/classifier");
  }

  private static List<Opt<?>> options() {
    List<Opt<?>> options =
        new ArrayList<>(
            List.of(
                DENOISER,
                DataOptions.DATA,
                DataOptions.LIMIT,
                ClassifierOptions.HELDOUT,
                TrainingOptions.SIZE,
                TrainingOptions.CHANNELS,
                TrainingOptions.SCHEDULE,
                TrainingOptions.FLIPS));
    options.addAll(ClassifierOptions.OF_TRAINING);
    options.add(
        ProtectionOptions.GUARDED.noted(
            "; thresholds are measured up to TO; default: up to 0.6 T"));
    options.add(SamplingOptions.DEVICE);
    options.add(TrainingOptions.OUT);
    return options;
  }

  @Override
  public Action prepare(Arguments arguments) {
    Optional<Path> denoiser = arguments.find(DENOISER);
    boolean bundle = denoiser.isPresent() && isBundle(denoiser.get());
    if (denoiser.isPresent()) {
      refuse(arguments, TrainingOptions.SIZE);
      refuse(arguments, TrainingOptions.CHANNELS);
      refuse(arguments, TrainingOptions.SCHEDULE);
      if (!bundle) {
        refuse(arguments, TrainingOptions.FLIPS);
      }
    }
    TrainingImages images = DataOptions.images(arguments);
    Guarded given =
        new Guarded(
            TrainingOptions.schedule(arguments),
            TrainingOptions.shape(arguments, images),
            arguments.has(TrainingOptions.FLIPS),
            denoiser.isPresent());
    ClassifierOptions.settings(arguments, given);
    ClassifierOptions.Length.of(arguments);
    arguments.get(TrainingOptions.OUT);
    Device device = Device.parse(arguments.get(SamplingOptions.DEVICE));
    return terminal -> {
      if (denoiser.isEmpty()) {
        train(given, Optional.empty(), arguments, terminal);
      } else if (bundle) {
        trainForBundle(denoiser.get(), arguments, ResolvedDevice.of(device), terminal);
      } else {
        trainForRun(denoiser.get(), arguments, ResolvedDevice.of(device), terminal);
      }
    };
  }

  private static void refuse(Arguments arguments, Opt<?> option) {
    if (arguments.has(option)) {
      throw new UsageException("--" + option.name() + ": expected none, since --denoiser says it");
    }
  }

  private static boolean isBundle(Path path) {
    return Files.isRegularFile(path) || Files.exists(path.resolve(Manifest.FILE_NAME));
  }

  private static void trainForRun(
      Path run, Arguments arguments, ResolvedDevice device, Terminal terminal)
      throws IOException, InterruptedException {
    Trained<DenoiserRun> denoiser = DenoiserTraining.read(run);
    DenoiserSettings settings = denoiser.run().settings();
    UNetConfig network = settings.network();
    Guarded guarded =
        new Guarded(
            settings.schedule(),
            new ImageShape(network.channels(), network.height(), network.width()),
            settings.horizontalFlips(),
            true);
    try (TrialBundle trial =
        TrialBundle.of(
            denoiser, ClassifierOptions.settings(arguments, guarded).network(), device)) {
      train(guarded, Optional.of(trial.states()), arguments, terminal);
    }
  }

  private static void trainForBundle(
      Path path, Arguments arguments, ResolvedDevice device, Terminal terminal)
      throws IOException, InterruptedException {
    try (ModelBundle bundle = ModelBundle.open(path);
        ProtectedSampler sampler =
            ProtectedSampler.open(bundle, device, SessionSettings.defaults())) {
      Manifest manifest = bundle.manifest();
      if (!manifest.sampled().equals(manifest.image())) {
        throw new IllegalArgumentException(
            "--denoiser: expected a model of pixels, found one of latents; train its classifier"
                + " with 'cpsample protect'");
      }
      Guarded guarded =
          new Guarded(
              manifest.schedule(), manifest.sampled(), arguments.has(TrainingOptions.FLIPS), true);
      train(guarded, Optional.of(new ModelStates(sampler)), arguments, terminal);
    }
  }

  private static void train(
      Guarded guarded, Optional<DenoisedStates> denoiser, Arguments arguments, Terminal terminal)
      throws IOException, InterruptedException {
    ClassifierSettings settings = ClassifierOptions.settings(arguments, guarded);
    ClassifierRun run =
        ClassifierOptions.train(
            Task.of(settings, ClassifierOptions.TrainingData.pixels(guarded.shape()), arguments),
            denoiser,
            arguments.get(TrainingOptions.OUT),
            terminal);
    terminal
        .out()
        .println(
            run.targetReached()
                ? "memorisation target met"
                : "memorisation target not met: see the table for the noise levels at which the"
                    + " training images are recognised; a wider network (--widths), with a smaller"
                    + " --learning-rate, memorises more");
  }
}
