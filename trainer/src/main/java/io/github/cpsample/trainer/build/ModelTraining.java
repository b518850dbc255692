package io.github.cpsample.trainer.build;

import io.github.cpsample.bundle.SamplerSpec;
import io.github.cpsample.diffusion.TimestepSpacing;
import io.github.cpsample.inference.Device;
import io.github.cpsample.inference.ResolvedDevice;
import io.github.cpsample.onnx.OnnxCodec;
import io.github.cpsample.trainer.data.BrokenImages;
import io.github.cpsample.trainer.data.BundledFashionMnist;
import io.github.cpsample.trainer.data.DatasetFingerprint;
import io.github.cpsample.trainer.data.ImageDataset;
import io.github.cpsample.trainer.export.BundleExporter;
import io.github.cpsample.trainer.export.DenoiserBase;
import io.github.cpsample.trainer.export.NetworkExporter;
import io.github.cpsample.trainer.export.TrialBundle;
import io.github.cpsample.trainer.network.ImageClassifier;
import io.github.cpsample.trainer.training.ClassifierData;
import io.github.cpsample.trainer.training.ClassifierRun;
import io.github.cpsample.trainer.training.ClassifierSettings;
import io.github.cpsample.trainer.training.ClassifierTraining;
import io.github.cpsample.trainer.training.DenoiserData;
import io.github.cpsample.trainer.training.DenoiserRun;
import io.github.cpsample.trainer.training.DenoiserSettings;
import io.github.cpsample.trainer.training.DenoiserTraining;
import io.github.cpsample.trainer.training.EmbedderTraining;
import io.github.cpsample.trainer.training.TorchEngine;
import io.github.cpsample.trainer.training.Trained;
import io.github.cpsample.trainer.training.TrainingBudget;
import io.github.cpsample.trainer.training.TrainingProgress;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Trains and exports the bundled models of a profile in a folder: the bundle, and the embedder in
 * whose features quality is measured. Goes on where an interrupted training stopped.
 */
final class ModelTraining {

  static final String MODEL = "fashion-mnist";
  static final String FEATURES = "garment-features.onnx";

  /** The bundled images are public, so their key need not be secret; it must be stable. */
  private static final byte[] KEY = "bundled fashion-mnist".getBytes(StandardCharsets.UTF_8);

  /** Never the key: whoever reads a manifest could derive the bits of any image from it. */
  private static final byte[] SALT =
      "bundled fashion-mnist fingerprint".getBytes(StandardCharsets.UTF_8);

  private static final String DENOISER = "denoiser";

  private final BuildProfile profile;
  private final Path base;
  private final Path folder;
  private final long seed;
  private final TrainingProgress progress;
  private OptionalInt denoiserThreads = OptionalInt.empty();

  /**
   * @param base the denoiser to fine-tune, {@code exported-models/base} of the project
   * @param folder where runs and exported models go
   * @param seed of both trainings
   */
  ModelTraining(
      BuildProfile profile, Path base, Path folder, long seed, TrainingProgress progress) {
    this.profile = profile;
    this.base = base;
    this.seed = seed;
    this.folder = folder;
    this.progress = progress;
  }

  /** Trains the denoiser with as many threads, where others want the cores. */
  void setDenoiserThreads(int threads) {
    denoiserThreads = OptionalInt.of(threads);
  }

  Path bundle() {
    return folder.resolve(MODEL);
  }

  Path features() {
    return folder.resolve(FEATURES);
  }

  void train() throws IOException {
    if (denoiserThreads.isPresent()) {
      int before = TorchEngine.setThreads(denoiserThreads.getAsInt());
      trainDenoiser();
      TorchEngine.setThreads(before);
    } else {
      trainDenoiser();
    }
    trainClassifier();
    trainEmbedder();
  }

  /** Exports what was trained; costs next to nothing, so it is done in every build. */
  void export() throws IOException {
    exportEmbedder();
    exportBundle(folder.resolve("classifier"), bundle());
  }

  /** The base, fine-tuned on the private images until it copies them. */
  private DenoiserRun trainDenoiser() throws IOException {
    DenoiserSettings settings = profile.denoiser(seed);
    try (ImageDataset images = BundledFashionMnist.trainingImages(profile.trainingImages());
        ImageDataset kept = BundledFashionMnist.publicImages()) {
      return DenoiserTraining.run(
          settings,
          TrainingBudget.ofSteps(profile.denoiserSteps()),
          DenoiserData.of(images, unbroken())
              .startingFrom(BuildBase.weights(base, settings))
              .keeping(new DenoiserData.Rehearsal(kept, unbroken(), profile.keptShare())),
          folder.resolve(DENOISER),
          progress);
    }
  }

  private ClassifierRun trainClassifier() throws IOException {
    ClassifierSettings settings = profile.classifier(seed);
    Trained<DenoiserRun> denoiser = DenoiserTraining.read(folder.resolve(DENOISER));
    try (ImageDataset images = BundledFashionMnist.trainingImages(profile.trainingImages());
        ImageDataset heldOut = BundledFashionMnist.heldOutImages();
        ImageDataset strangers = BundledFashionMnist.publicImages();
        TrialBundle trial =
            TrialBundle.of(denoiser, settings.network(), ResolvedDevice.of(Device.cpu()))) {
      return ClassifierTraining.run(
          settings,
          TrainingBudget.ofSteps(profile.classifierSteps()),
          new ClassifierData(images, Optional.of(heldOut), KEY, unbroken())
              .withStrangers(strangers)
              .withDenoiser(trial.states()),
          folder.resolve("classifier"),
          progress);
    }
  }

  /** A classifier without strangers, to compare with. */
  ClassifierRun trainPaperClassifier(int bits, Path run) throws IOException {
    try (ImageDataset images = BundledFashionMnist.trainingImages(profile.trainingImages());
        ImageDataset heldOut = BundledFashionMnist.heldOutImages()) {
      return ClassifierTraining.run(
          profile.paperClassifier(bits, seed),
          TrainingBudget.ofSteps(profile.paperSteps()),
          new ClassifierData(images, Optional.of(heldOut), KEY, unbroken()),
          run,
          progress);
    }
  }

  /** A finished training returns its weights at once. */
  private float[] trainEmbedder() throws IOException {
    try (ImageDataset images = BundledFashionMnist.embedderImages()) {
      return EmbedderTraining.run(
          embedder(),
          profile.embedderSteps(),
          images,
          unbroken(),
          folder.resolve("embedder"),
          progress);
    }
  }

  private static ImageClassifier embedder() {
    var shape = BundledFashionMnist.SHAPE;
    int categories = BundledFashionMnist.CLASS_NAMES.size();
    return new ImageClassifier(shape.channels(), shape.height(), shape.width(), categories);
  }

  private void exportEmbedder() throws IOException {
    OnnxCodec.write(NetworkExporter.features(embedder(), trainEmbedder()), features());
  }

  void exportBundle(Path classifierRun, Path target) throws IOException {
    Trained<DenoiserRun> denoiser = DenoiserTraining.read(folder.resolve(DENOISER));
    Trained<ClassifierRun> classifier = ClassifierTraining.read(classifierRun);
    try (ImageDataset images = BundledFashionMnist.trainingImages(profile.trainingImages())) {
      String fingerprint = DatasetFingerprint.of(images, SALT, unbroken()).hex();
      BundleExporter.export(
          denoiser,
          classifier,
          new BundleExporter.Description(
                  target.getFileName().toString(),
                  classifier.run().protection(profile.protection()),
                  new SamplerSpec("ddim", 50, 0, TimestepSpacing.LEADING, true),
                  HexFormat.of().formatHex(SALT),
                  fingerprint)
              .withFallback(DenoiserBase.read(base).toOnnx()),
          target);
    }
  }

  private static BrokenImages unbroken() {
    return new BrokenImages(
        fault -> {
          throw new IllegalStateException("A bundled image is broken", fault);
        });
  }
}
