package io.github.cpsample.tools.training;

import io.github.cpsample.evaluation.quality.Embedder;
import io.github.cpsample.evaluation.quality.OnnxFeatures;
import io.github.cpsample.image.ImageShape;
import io.github.cpsample.trainer.build.BundledEvaluation;
import io.github.cpsample.trainer.data.BundledFashionMnist;
import io.github.cpsample.trainer.network.ImageClassifier;
import java.io.IOException;

/** The embedder that the build trains on held-out images, for grey images of 28 x 28. */
public final class BuiltInEmbedder implements Embedder {

  /** Its name. */
  public static final String NAME = "built-in";

  private final OnnxFeatures features;

  private BuiltInEmbedder(OnnxFeatures features) {
    this.features = features;
  }

  /**
   * Whether it fits images.
   *
   * @param shape of the images
   * @return true for 1 x 28 x 28
   */
  public static boolean fits(ImageShape shape) {
    return shape.equals(BundledFashionMnist.SHAPE);
  }

  /**
   * Opens it.
   *
   * @return it, open; the caller closes it
   * @throws IOException if it is not on the class path
   */
  public static BuiltInEmbedder open() throws IOException {
    return new BuiltInEmbedder(BundledEvaluation.features());
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public String description() {
    return "the embedder that comes with the tool, trained on held-out Fashion-MNIST images; "
        + dimension()
        + " features";
  }

  @Override
  public int dimension() {
    return ImageClassifier.featureWidth();
  }

  @Override
  public double[][] of(float[][] images) {
    return features.of(images);
  }

  @Override
  public float[][] embed(float[][] images) {
    double[][] found = of(images);
    float[][] rows = new float[found.length][dimension()];
    for (int n = 0; n < rows.length; n++) {
      for (int d = 0; d < rows[n].length; d++) {
        rows[n][d] = (float) found[n][d];
      }
    }
    return rows;
  }

  @Override
  public void close() {
    features.close();
  }
}
