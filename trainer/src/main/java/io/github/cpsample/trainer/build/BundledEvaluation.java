package io.github.cpsample.trainer.build;

import io.github.cpsample.evaluation.judging.Judge;
import io.github.cpsample.evaluation.quality.OnnxFeatures;
import io.github.cpsample.image.ReplicaRule;
import io.github.cpsample.trainer.data.BrokenImages;
import io.github.cpsample.trainer.data.BundledFashionMnist;
import io.github.cpsample.trainer.data.ImageDataset;
import io.github.cpsample.trainer.data.InMemoryImages;
import io.github.cpsample.trainer.network.ImageClassifier;
import java.io.IOException;
import java.io.InputStream;

/** The judge of the bundled models: their training images, the held-out images, the embedder. */
public final class BundledEvaluation {

  /**
   * A sample replicates a training image if it is closer to it than 0.4 times the mean distance to
   * the five next nearest training images.
   */
  public static final ReplicaRule RULE = ReplicaRule.STANDARD;

  private static final String FEATURES =
      "io/github/cpsample/models/evaluation/" + ModelTraining.FEATURES;

  private BundledEvaluation() {}

  /**
   * The embedder that the build exported.
   *
   * @return it, open; the caller closes it
   * @throws IOException if it is not on the class path
   */
  public static OnnxFeatures features() throws IOException {
    try (InputStream in = BundledEvaluation.class.getClassLoader().getResourceAsStream(FEATURES)) {
      if (in == null) {
        throw new IOException(
            "Resource "
                + FEATURES
                + ": expected it on the class path, found none; add the exported models");
      }
      return features(in.readAllBytes());
    }
  }

  static OnnxFeatures features(byte[] model) {
    return new OnnxFeatures(model, BundledFashionMnist.SHAPE, ImageClassifier.featureWidth());
  }

  /**
   * The images that the bundled denoiser was trained on.
   *
   * @param count how many, as its manifest says
   * @return one image per row, values in [-1,1]
   */
  public static float[][] trainingImages(int count) {
    try (ImageDataset images = BundledFashionMnist.trainingImages(count)) {
      return rows(images);
    }
  }

  /**
   * Prepares the judge.
   *
   * @param features the embedder; not owned
   * @param trainingImages how many images the denoiser was trained on
   * @return the judge
   */
  public static Judge judge(OnnxFeatures features, int trainingImages) {
    try (ImageDataset heldOut = BundledFashionMnist.heldOutImages()) {
      return new Judge(RULE, trainingImages(trainingImages), rows(heldOut), features);
    }
  }

  private static float[][] rows(ImageDataset images) {
    return InMemoryImages.load(images, new BrokenImages(fault -> {})).rows();
  }
}
