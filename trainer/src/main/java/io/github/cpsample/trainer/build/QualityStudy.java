package io.github.cpsample.trainer.build;

import io.github.cpsample.bundle.BundleWriter;
import io.github.cpsample.bundle.Manifest;
import io.github.cpsample.bundle.ModelBundle;
import io.github.cpsample.evaluation.comparators.ComparedMethods;
import io.github.cpsample.evaluation.comparators.MethodCost;
import io.github.cpsample.evaluation.comparators.SamplingMethod;
import io.github.cpsample.evaluation.figures.MethodFigures;
import io.github.cpsample.evaluation.judging.Judge;
import io.github.cpsample.evaluation.judging.ProtectionMeasurement.Side;
import io.github.cpsample.evaluation.quality.OnnxFeatures;
import io.github.cpsample.image.ContactSheet;
import io.github.cpsample.image.FloatImage;
import io.github.cpsample.image.PngWriter;
import io.github.cpsample.image.ReplicaRule;
import io.github.cpsample.inference.Device;
import io.github.cpsample.protection.Correction;
import io.github.cpsample.protection.ProtectionSettings;
import io.github.cpsample.protection.Subject;
import io.github.cpsample.sampling.ImageReport;
import io.github.cpsample.sampling.Progress;
import io.github.cpsample.sampling.ProtectedSampler;
import io.github.cpsample.sampling.SampleRequest;
import io.github.cpsample.sampling.SampleResult;
import io.github.cpsample.trainer.data.BrokenImages;
import io.github.cpsample.trainer.data.BundledFashionMnist;
import io.github.cpsample.trainer.data.ImageDataset;
import io.github.cpsample.trainer.data.InMemoryImages;
import io.github.cpsample.trainer.training.ProgressBars;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;

/**
 * The experiment behind docs/studies/quality.md: trains the build's host and classifier several
 * times and the paper's one-bit classifier beside them, and samples all from the same fresh seeds,
 * by the methods that are given the training images too; the base, which copies nothing, with the
 * same classifier. What CPSample is compared with is sampled from the last training alone. Prints
 * the tables of the page and writes pictures of the same seeds side by side. Run by hand.
 */
public final class QualityStudy {

  private static final long FIRST_SEED = 7_000_000;
  private static final int FIRST_TRAINING = 3;
  private static final int PICTURED = 100;
  private static final int BATCH = 32;
  private static final ContactSheet SHEET = new ContactSheet(20, 2, 2);

  /** The paper's, with the scale that does best here. */
  private static final ProtectionSettings PUSHED =
      ProtectionSettings.of("code", "opposite-label", 0.07, 120, 0, 500);

  private final Path base;
  private final Path folder;
  private final int count;
  private final PrintStream out;

  private QualityStudy(Path base, Path folder, int count, PrintStream out) {
    this.base = base;
    this.folder = folder;
    this.count = count;
    this.out = out;
  }

  /**
   * Runs the experiment.
   *
   * @param arguments the folder of the base, a folder for runs and pictures, the number of images
   *     per row, and the seeds of the trainings
   * @throws IOException if a folder cannot be read or written
   */
  public static void main(String[] arguments) throws IOException {
    QualityStudy study =
        new QualityStudy(
            Path.of(arguments[0]),
            Path.of(arguments[1]),
            Integer.parseInt(arguments[2]),
            System.out);
    study.out.println(
        "| training | way | replicas | Frechet | held-out | guarded | calls | seconds |");
    study.out.println("|---|---|---|---|---|---|---|---|");
    for (int i = FIRST_TRAINING; i < arguments.length; i++) {
      study.run(Long.parseLong(arguments[i]), i == arguments.length - 1);
    }
  }

  private void run(long seed, boolean compared) throws IOException {
    Path runs = folder.resolve("seed-" + seed);
    BuildProfile profile = BuildProfile.QUICK;
    ModelTraining training =
        new ModelTraining(profile, base, runs, seed, ProgressBars.on(System.err, false));
    training.train();
    training.export();
    try (OnnxFeatures features =
        BundledEvaluation.features(Files.readAllBytes(training.features()))) {
      Judge judge = BundledEvaluation.judge(features, profile.trainingImages());
      try (ModelBundle model = ModelBundle.open(training.bundle());
          ProtectedSampler sampler = ProtectedSampler.open(model, Device.cpu())) {
        SampleRequest request = SampleRequest.of(count).withSeed(FIRST_SEED);
        Side plain = side(sampler, request.withProtection(false), judge);
        row(seed, "unprotected", plain);
        rejection(seed, plain, judge);
        Side guarded = side(sampler, request, judge);
        row(seed, "protected", guarded);
        picture(runs.resolve("unprotected.png"), plain.result());
        picture(runs.resolve("protected.png"), guarded.result());
        base(seed, runs, model, request, judge);
        if (compared) {
          Correction restart = Correction.standard(model.manifest().schedule().trainTimesteps());
          row(seed, "restart instead", side(sampler, request.withCorrection(restart), judge));
          comparators(seed, sampler, judge);
          paper(seed, training, runs, judge);
        }
      }
    }
  }

  /** Methods that are given the training images, from the same seeds. */
  private void comparators(long seed, ProtectedSampler sampler, Judge judge) throws IOException {
    ComparedMethods methods =
        new ComparedMethods(sampler, request -> request, BATCH, trainingImages());
    for (String name : List.of("amg", "amg-denoised", "spell")) {
      SamplingMethod method = methods.named(name);
      List<float[]> images = new ArrayList<>();
      MethodCost cost = new MethodCost(method);
      method.sample(
          FIRST_SEED,
          count,
          sample -> {
            cost.add(sample);
            images.add(sample.image().orElseThrow().values());
          },
          Progress.none());
      Judge.Verdict verdict = judge.judge(images.toArray(float[][]::new));
      MethodFigures figures = cost.figures();
      out.printf(
          Locale.ROOT,
          "| %d | %s | %.2f %% | %.3f | %.3f | - | %.1f | %.1f |%n",
          seed,
          method.title(),
          100 * verdict.replicas().rate(),
          verdict.frechetDistance(),
          verdict.heldOutDistance(),
          figures.denoiserRowsPerImage(),
          Objects.requireNonNull(figures.secondsPerImage(), "of images that were made") * count);
    }
  }

  private static float[][] trainingImages() throws IOException {
    try (ImageDataset images =
        BundledFashionMnist.trainingImages(BuildProfile.QUICK.trainingImages())) {
      return InMemoryImages.load(images, new BrokenImages(fault -> {})).rows();
    }
  }

  /** The fallback in the place of the denoiser, on both sides. */
  private void base(long seed, Path runs, ModelBundle model, SampleRequest request, Judge judge) {
    Path target = runs.resolve("base-model");
    Manifest manifest = model.manifest();
    byte[] fallback = model.file(manifest.pipeline().fallback().orElseThrow());
    BundleWriter writer = BundleWriter.of(manifest.withFiles(Map.of()));
    for (String file : manifest.files().keySet()) {
      boolean own = file.equals(manifest.denoiser().file());
      writer.file(file, own ? fallback : model.file(file));
    }
    writer.toDirectory(target);
    try (ModelBundle bundle = ModelBundle.open(target);
        ProtectedSampler sampler = ProtectedSampler.open(bundle, Device.cpu())) {
      Side plain = side(sampler, request.withProtection(false), judge);
      row(seed, "the base, unprotected", plain);
      Side guarded = side(sampler, request, judge);
      row(seed, "the base, protected", guarded);
      out.printf(
          Locale.ROOT,
          "| %d | of the base's images protection changed | %.2f %% | | | | | |%n",
          seed,
          100.0 * changed(plain.result(), guarded.result()) / count);
    }
  }

  private static long changed(SampleResult plain, SampleResult guarded) {
    return IntStream.range(0, plain.images().size())
        .filter(i -> !Arrays.equals(plain.image(i).values(), guarded.image(i).values()))
        .count();
  }

  /** A classifier of one bit that was never shown a stranger, with a push alone. */
  private void paper(long seed, ModelTraining training, Path runs, Judge judge) throws IOException {
    Path run = runs.resolve("paper");
    Path bundle = runs.resolve("paper-model");
    training.trainPaperClassifier(1, run);
    training.exportBundle(run, bundle);
    try (ModelBundle model = ModelBundle.open(bundle);
        ProtectedSampler sampler = ProtectedSampler.open(model, Device.cpu())) {
      SampleRequest request =
          SampleRequest.of(count)
              .withSeed(FIRST_SEED)
              .withAsks(Subject.X_T)
              .withAskEvery(1)
              .withAlpha(PUSHED.alpha())
              .withScale(PUSHED.scale())
              .withGuardedTimesteps(PUSHED.firstTimestep(), PUSHED.lastTimestep())
              .withCorrection(Correction.PAPER);
      Side side = side(sampler, request, judge);
      row(seed, "the paper's one bit, push alone", side);
      picture(runs.resolve("paper.png"), side.result());
    }
  }

  private static Side side(ProtectedSampler sampler, SampleRequest request, Judge judge) {
    return Side.of(sampler, request, judge, Progress.none());
  }

  private void rejection(long seed, Side plain, Judge judge) {
    List<float[]> kept = new ArrayList<>();
    for (ReplicaRule.Match match : plain.verdict().replicas().matches()) {
      if (!match.replica()) {
        kept.add(plain.result().image(match.image()).values());
      }
    }
    Judge.Verdict verdict = judge.judge(kept.toArray(float[][]::new));
    double tries = (double) count / kept.size();
    out.printf(
        Locale.ROOT,
        "| %d | rejection (%d left) | 0 | %.3f | %.3f | - | %.1f | %.1f |%n",
        seed,
        kept.size(),
        verdict.frechetDistance(),
        verdict.heldOutDistance(),
        calls(plain.result()) * tries,
        plain.result().totals().seconds() * tries);
  }

  private void row(long seed, String way, Side side) {
    out.printf(
        Locale.ROOT,
        "| %d | %s | %.2f %% | %.3f | %.3f | %.1f %% | %.1f | %.1f |%n",
        seed,
        way,
        100 * side.replicaRate(),
        side.verdict().frechetDistance(),
        side.verdict().heldOutDistance(),
        100 * side.imagesGuarded(),
        calls(side.result()),
        side.result().totals().seconds());
  }

  private static double calls(SampleResult result) {
    return result.reports().stream().mapToInt(ImageReport::steps).average().orElseThrow();
  }

  private static void picture(Path file, SampleResult result) throws IOException {
    PngWriter.write(
        SHEET.render(
            result.images().stream().limit(PICTURED).map(FloatImage::toBufferedImage).toList()),
        file);
  }
}
