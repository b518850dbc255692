package io.github.cpsample.trainer.build;

import io.github.cpsample.bundle.ModelBundle;
import io.github.cpsample.inference.Device;
import io.github.cpsample.sampling.Progress;
import io.github.cpsample.sampling.ProtectedSampler;
import io.github.cpsample.sampling.SampleRequest;
import io.github.cpsample.trainer.evaluation.Judge;
import io.github.cpsample.trainer.evaluation.OnnxFeatures;
import io.github.cpsample.trainer.evaluation.ProtectionMeasurement.Side;
import io.github.cpsample.trainer.training.Background;
import io.github.cpsample.trainer.training.ClassifierRun;
import io.github.cpsample.trainer.training.ClassifierSettings;
import io.github.cpsample.trainer.training.ProgressBars;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/**
 * The experiment behind the defaults: classifiers of several numbers of bits guard the same
 * denoiser, from the same seeds, over a grid of alpha, scale and guarded timesteps. Prints the
 * tables of docs/protection.md. Run by hand; needs the trained models of the build.
 */
public final class ProtectionStudy {

  private static final int SAMPLES = 500;
  private static final long SEED = 50_000;
  private static final List<Setting> GRID =
      List.of(
          new Setting(0.05, 40, 500),
          new Setting(0.05, 100, 500),
          new Setting(0.07, 120, 500),
          new Setting(0.07, 120, 999));
  private static final Background MIXTURES = new Background(0.5, 0.45, 0.65);
  private static final String MIXED = "mixed";

  private final Path folder;
  private final ModelTraining training;
  private final PrintStream out;

  private record Setting(double alpha, double scale, int last) {}

  private ProtectionStudy(Path folder, PrintStream out) {
    this.folder = folder;
    this.training = new ModelTraining(BuildProfile.QUICK, folder, ProgressBars.on(out, false));
    this.out = out;
  }

  /**
   * Runs the experiment.
   *
   * @param arguments the folder that holds the trained models of profile quick, and the numbers of
   *     bits to compare (1, 8, 32 and 64 unless given); a number with {@code mixed} appended trains
   *     with background mixtures
   * @throws IOException if the folder cannot be read or written
   */
  public static void main(String[] arguments) throws IOException {
    List<String> variants =
        arguments.length > 1
            ? List.of(arguments).subList(1, arguments.length)
            : List.of("1", "8", "32", "64", "32mixed");
    ProtectionStudy study = new ProtectionStudy(Path.of(arguments[0]), System.out);
    study.out.println("| K | alpha | s | t up to | replicas | Frechet | held-out | guarded |");
    study.out.println("|---|---|---|---|---|---|---|---|");
    for (String variant : variants) {
      study.run(variant);
    }
  }

  private void run(String variant) throws IOException {
    Path run = folder.resolve("study").resolve("classifier-" + variant);
    Path bundle = folder.resolve("study").resolve("k-" + variant);
    ClassifierRun classifier = training.trainClassifier(settings(variant), run);
    training.exportBundle(run, bundle);
    try (OnnxFeatures features =
            BundledEvaluation.features(Files.readAllBytes(training.features()));
        ModelBundle model = ModelBundle.open(bundle);
        ProtectedSampler sampler = ProtectedSampler.open(model, Device.cpu())) {
      Judge judge = BundledEvaluation.judge(features, BuildProfile.QUICK.trainingImages());
      SampleRequest request = SampleRequest.of(SAMPLES).seed(SEED);
      row(variant, "-", Side.of(sampler, request.protection(false), judge, Progress.none()));
      for (Setting setting : GRID) {
        SampleRequest guarded =
            request
                .alpha(setting.alpha())
                .scale(setting.scale())
                .guardedTimesteps(0, setting.last());
        String label = setting.alpha() + " | " + setting.scale() + " | " + setting.last();
        row(variant, label, Side.of(sampler, guarded, judge, Progress.none()));
      }
    }
    classifier.curve().forEach(point -> out.println("K " + variant + " " + point));
  }

  private static ClassifierSettings settings(String variant) {
    int bits = Integer.parseInt(variant.replace(MIXED, ""));
    ClassifierSettings settings = BuildProfile.QUICK.classifier(bits);
    return new ClassifierSettings(
        settings.network(),
        settings.schedule(),
        settings.optimizer(),
        settings.batchSize(),
        settings.horizontalFlips(),
        variant.endsWith(MIXED) ? MIXTURES : Background.NONE,
        settings.target(),
        settings.seed());
  }

  private void row(String variant, String setting, Side side) {
    out.printf(
        Locale.ROOT,
        "| %s | %s | %.1f %% | %.1f | %.3f | %.1f %% |%n",
        variant,
        setting.equals("-") ? "unprotected | - | -" : setting,
        100 * side.replicaRate(),
        side.verdict().frechetDistance(),
        side.verdict().heldOutDistance(),
        100 * side.stepsGuarded());
  }
}
