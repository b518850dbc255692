package io.github.cpsample.tools.commands.training;

import io.github.cpsample.bundle.ModelBundle;
import io.github.cpsample.inference.Device;
import io.github.cpsample.sampling.ProtectedSampler;
import io.github.cpsample.tools.cli.Arguments;
import io.github.cpsample.tools.cli.Opt;
import io.github.cpsample.tools.cli.Terminal;
import io.github.cpsample.tools.cli.UsageException;
import io.github.cpsample.tools.commands.shared.SamplingOptions;
import io.github.cpsample.tools.training.RunSecrets;
import io.github.cpsample.tools.training.TrainingImages;
import io.github.cpsample.trainer.export.BundleExporter;
import io.github.cpsample.trainer.training.ClassifierTraining;
import io.github.cpsample.trainer.training.ModelStates;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;

/**
 * Classifiers that a calibration trains anew, one per number of bits, as {@code protect} does: they
 * are shown strangers and asked about what the model's denoiser sees. The calibration's held-out
 * images are not used for their thresholds, since half of them confirm what was chosen.
 */
final class NewClassifiers {

  static final Opt<Boolean> WANTED =
      Opt.flag(
          "train-classifier",
          "train a classifier anew on the training images for every number of --bits; needs --out");
  static final Opt<List<Integer>> BITS = CalibrateOptions.bits();
  static final Opt<Long> STEPS =
      Opt.wide(
          "classifier-steps",
          "N",
          "with --train-classifier: training steps; default: 6 for every training image, at least"
              + " 4000");

  static final List<Opt<?>> OPTIONS =
      List.of(
          WANTED,
          BITS,
          STEPS,
          ClassifierOptions.STRANGERS,
          ClassifierOptions.STRANGER_SAMPLES,
          ClassifierOptions.STRANGER_SHARE,
          ClassifierOptions.TRAJECTORIES,
          ClassifierOptions.STATES,
          ClassifierOptions.FALSE_ALARMS,
          ClassifierOptions.BACKGROUND,
          ClassifierOptions.ACCURACY,
          ClassifierOptions.CERTAINTY,
          TrainingOptions.WIDTHS,
          TrainingOptions.BLOCKS,
          TrainingOptions.PATCH,
          TrainingOptions.RATE,
          TrainingOptions.FLIPS);

  private static final int BATCH = 64;

  private NewClassifiers() {}

  /** Refuses options that would have no effect. */
  static boolean wanted(Arguments arguments) {
    if (!arguments.has(WANTED)) {
      for (Opt<?> option : OPTIONS) {
        if (arguments.has(option)) {
          throw new UsageException(
              "--" + option.name() + ": expected --train-classifier beside it");
        }
      }
    }
    return arguments.has(WANTED);
  }

  /**
   * Trains what is not trained yet.
   *
   * @param work folder in which every classifier gets a run and a bundle
   * @return bundles of the model's denoiser with the classifiers, by number of bits
   * @throws InterruptedException if a training was interrupted; it is resumed by the next call
   */
  static Map<Integer, Path> train(
      ModelBundle model, Arguments arguments, TrainingImages training, Path work, Terminal terminal)
      throws IOException, InterruptedException {
    if (!model.manifest().sampled().equals(model.manifest().image())) {
      throw new IllegalArgumentException(
          "--train-classifier: expected a model of pixels, found one of latents; train a classifier"
              + " with 'cpsample protect' and calibrate its bundle");
    }
    List<Integer> wanted =
        arguments.find(BITS).orElse(List.of(model.manifest().classifier().bits()));
    Map<Integer, Path> bundles = new TreeMap<>();
    for (int bits : wanted) {
      Path run = work.resolve("classifier-" + bits);
      train(model, arguments, training, bits, run, terminal);
      Path bundle = work.resolve("bundle-" + bits);
      RunSecrets.Fingerprint data = RunSecrets.fingerprint(run);
      BundleExporter.export(model, ClassifierTraining.read(run), data.salt(), data.hex(), bundle);
      bundles.put(bits, bundle);
    }
    return bundles;
  }

  private static void train(
      ModelBundle model,
      Arguments arguments,
      TrainingImages training,
      int bits,
      Path run,
      Terminal terminal)
      throws IOException, InterruptedException {
    ClassifierOptions.Guarded guarded =
        new ClassifierOptions.Guarded(
            model.manifest().schedule(),
            model.manifest().sampled(),
            arguments.has(TrainingOptions.FLIPS),
            true);
    long seed = arguments.get(SamplingOptions.SEED);
    boolean exposed = arguments.get(ClassifierOptions.STRANGER_SHARE) > 0;
    ClassifierOptions.Task task =
        new ClassifierOptions.Task(
            ClassifierOptions.settings(arguments, guarded, bits, BATCH, seed),
            ClassifierOptions.Length.ofSteps(arguments.find(STEPS)),
            training,
            exposed ? Optional.empty() : Optional.of(heldOut(arguments)),
            ClassifierOptions.strangers(arguments),
            ClassifierOptions.TrainingData.pixels(guarded.shape()),
            arguments.get(ClassifierOptions.FALSE_ALARMS));
    try (ProtectedSampler sampler =
        ProtectedSampler.open(model, Device.parse(arguments.get(SamplingOptions.DEVICE)))) {
      ClassifierOptions.train(task, Optional.of(new ModelStates(sampler)), run, terminal);
    }
  }

  private static TrainingImages heldOut(Arguments arguments) {
    return new TrainingImages(arguments.get(CalibrateCommand.HOLDOUT), OptionalInt.empty());
  }
}
