package io.github.cpsample.tools.demo;

import io.github.cpsample.bundle.ModelBundle;
import io.github.cpsample.evaluation.embedding.OnnxFeatures;
import io.github.cpsample.trainer.build.BundledEvaluation;
import io.github.cpsample.trainer.build.ExportedModels;
import io.github.cpsample.trainer.data.BundledFashionMnist;
import io.github.cpsample.trainer.network.ImageClassifier;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The model to be shown, and the features in which its images are judged. Holds native memory;
 * close it.
 */
final class DemoModels implements AutoCloseable {

  private static final String MODEL = "fashion-mnist";
  private static final String FOLDER = "io/github/cpsample/models";

  private final ModelBundle bundle;
  private final OnnxFeatures features;

  private DemoModels(ModelBundle bundle, OnnxFeatures features) {
    this.bundle = bundle;
    this.features = features;
  }

  /** The models that the build trained. */
  static DemoModels ofBuild() throws IOException {
    ModelBundle bundle = ModelBundle.named(MODEL);
    try {
      return new DemoModels(bundle, BundledEvaluation.features());
    } catch (IOException | RuntimeException e) {
      bundle.close();
      throw e;
    }
  }

  /** Trains a profile as the build does, or takes what an earlier training left in the folder. */
  static DemoModels train(String profile, Path folder) throws IOException {
    Path models = folder.resolve("models-" + profile);
    ExportedModels.main(
        new String[] {profile, folder.resolve("training").toString(), models.toString()});
    Path trained = models.resolve(FOLDER);
    ModelBundle bundle = ModelBundle.open(trained.resolve(MODEL));
    try {
      byte[] network =
          Files.readAllBytes(trained.resolve("evaluation").resolve("garment-features.onnx"));
      return new DemoModels(
          bundle,
          new OnnxFeatures(network, BundledFashionMnist.SHAPE, ImageClassifier.featureWidth()));
    } catch (IOException | RuntimeException e) {
      bundle.close();
      throw e;
    }
  }

  ModelBundle bundle() {
    return bundle;
  }

  OnnxFeatures features() {
    return features;
  }

  int trainingImages() {
    return bundle.manifest().data().trainingImages();
  }

  @Override
  public void close() {
    try {
      features.close();
    } finally {
      bundle.close();
    }
  }
}
