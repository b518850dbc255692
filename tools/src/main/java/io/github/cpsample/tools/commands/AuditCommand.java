package io.github.cpsample.tools.commands;

import io.github.cpsample.bundle.ModelBundle;
import io.github.cpsample.image.ImageShape;
import io.github.cpsample.image.PngWriter;
import io.github.cpsample.inference.Device;
import io.github.cpsample.sampling.ProtectedSampler;
import io.github.cpsample.tools.audit.Audit;
import io.github.cpsample.tools.audit.AuditImages;
import io.github.cpsample.tools.audit.AuditSettings;
import io.github.cpsample.tools.audit.WorstPairs;
import io.github.cpsample.tools.cli.Arguments;
import io.github.cpsample.tools.cli.Command;
import io.github.cpsample.tools.cli.CommandSpec;
import io.github.cpsample.tools.cli.Opt;
import io.github.cpsample.tools.cli.ProgressDisplay;
import io.github.cpsample.tools.cli.Terminal;
import io.github.cpsample.tools.output.JsonFile;
import io.github.cpsample.tools.training.TrainingImages;
import io.github.cpsample.trainer.build.BundledEvaluation;
import io.github.cpsample.trainer.data.BundledFashionMnist;
import io.github.cpsample.trainer.data.ImageDataset;
import io.github.cpsample.trainer.data.InMemoryImages;
import io.github.cpsample.trainer.evaluation.OnnxFeatures;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** {@code cpsample audit}: measures what protection does to a model. */
public final class AuditCommand implements Command {

  private static final String REPORT = "report.json";
  private static final String PAIRS = "worst-pairs.png";
  private static final Opt<String> TRAIN =
      Opt.text("train", "PATH|fashion-mnist", "the images that the model was trained on")
          .required();
  private static final Opt<String> HOLDOUT =
      Opt.text(
              "holdout",
              "PATH|fashion-mnist",
              "images of the same kind that neither denoiser nor classifier was trained on")
          .required();
  private static final Opt<Integer> COUNT =
      Opt.integer("count", "images sampled per side", 4).or(200);
  private static final Opt<Integer> ATTACKED =
      Opt.integer("attack-images", "attack at most so many training and held-out images", 2)
          .or(500);
  private static final Opt<Boolean> NO_TRAINING =
      Opt.flag(
          "no-training-images",
          "leave training images out of the pictures, for reports that leave the house");
  private static final Opt<Path> OUT =
      Opt.path("out", "DIR", "folder for the report, made where missing").required();

  private record Settings(
      String model,
      String train,
      String holdout,
      AuditSettings audit,
      boolean withTraining,
      Device device,
      Path out) {}

  @Override
  public CommandSpec spec() {
    return new CommandSpec(
        "audit",
        "Measure what protection does to a model: replicas, quality, membership attacks",
        "",
        "Samples from the same seeds with and without protection, and attacks the model with"
            + " training and held-out images. Writes report.json and worst-pairs.png. Quality is"
            + " judged by the embedder that comes with the tool, for images of 1x28x28 only. The"
            + " report says which images are recognised as a share, never one by one.",
        List.of(
            ModelArgument.MODEL,
            TRAIN,
            HOLDOUT,
            COUNT,
            ATTACKED,
            SamplingOptions.SEED,
            SamplingOptions.BATCH,
            SamplingOptions.DEVICE,
            NO_TRAINING,
            OUT),
        "cpsample audit --model my-model --train photos --holdout others --out report");
  }

  @Override
  public Action prepare(Arguments arguments) {
    Settings settings =
        new Settings(
            arguments.get(ModelArgument.MODEL),
            arguments.get(TRAIN),
            arguments.get(HOLDOUT),
            new AuditSettings(
                arguments.get(COUNT),
                arguments.get(SamplingOptions.SEED),
                arguments.get(SamplingOptions.BATCH),
                arguments.get(ATTACKED)),
            !arguments.has(NO_TRAINING),
            Device.parse(arguments.get(SamplingOptions.DEVICE)),
            arguments.get(OUT));
    return terminal -> run(settings, terminal);
  }

  private static void run(Settings settings, Terminal terminal) throws IOException {
    Files.createDirectories(settings.out());
    try (ModelBundle bundle = ModelArgument.open(settings.model());
        ProtectedSampler sampler = ProtectedSampler.open(bundle, settings.device())) {
      AuditImages images = images(settings, bundle, terminal);
      Audit.Outcome outcome;
      Optional<OnnxFeatures> features = features(images.shape());
      try (ProgressDisplay display = terminal.progress("sampling", "steps")) {
        Audit audit = new Audit(bundle, sampler, images, features.map(it -> it), settings.audit());
        outcome = audit.run(new BothSides(display));
      } finally {
        features.ifPresent(OnnxFeatures::close);
      }
      PngWriter.write(
          WorstPairs.draw(outcome, images, settings.withTraining()), settings.out().resolve(PAIRS));
      JsonFile.write(settings.out().resolve(REPORT), outcome.report());
      outcome.report().lines().forEach(terminal.out()::println);
    }
  }

  private static AuditImages images(Settings settings, ModelBundle bundle, Terminal terminal) {
    ImageShape shape = bundle.manifest().image();
    int trained = bundle.manifest().data().trainingImages();
    boolean bundled = settings.train().equals(TrainingImages.BUNDLED);
    OptionalInt limit = bundled && trained > 0 ? OptionalInt.of(trained) : OptionalInt.empty();
    try (ImageDataset training = new TrainingImages(settings.train(), limit).openTraining(shape);
        ImageDataset heldOut =
            new TrainingImages(settings.holdout(), OptionalInt.empty()).openHeldOut(shape)) {
      return new AuditImages(shape, rows(training, terminal), rows(heldOut, terminal));
    }
  }

  private static List<float[]> rows(ImageDataset images, Terminal terminal) {
    return List.of(InMemoryImages.load(images, TrainingOptions.reportBroken(terminal)).rows());
  }

  private static Optional<OnnxFeatures> features(ImageShape shape) throws IOException {
    return shape.equals(BundledFashionMnist.SHAPE)
        ? Optional.of(BundledEvaluation.features())
        : Optional.empty();
  }
}
