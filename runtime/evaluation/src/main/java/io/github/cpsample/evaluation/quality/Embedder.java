package io.github.cpsample.evaluation.quality;

/**
 * Turns images of one shape into vectors. What it makes of an image does not depend on the images
 * that are given with it, but for rounding. Holds native memory; close it. Belongs to one thread.
 */
public interface Embedder extends FeatureExtractor, AutoCloseable {

  /**
   * Its name in reports and of files.
   *
   * @return lower-case letters, digits, dots, underscores and hyphens
   */
  String name();

  /**
   * What it is, for the report: the file with its hash, its input and output, and what images are
   * made into.
   *
   * @return one clause
   */
  String description();

  /**
   * The length of the vectors.
   *
   * @return at least 1
   */
  int dimension();

  /**
   * The vectors of some images, computed in batches.
   *
   * @param images one per row, [C,H,W] row-major, values about [-1, 1]; not modified
   * @return one vector of {@link #dimension} finite values per image
   * @throws IllegalArgumentException if an image has another size
   * @throws io.github.cpsample.inference.InferenceException if the network fails or a value is not
   *     finite
   */
  float[][] embed(float[][] images);

  @Override
  default double[][] of(float[][] images) {
    float[][] rows = embed(images);
    double[][] features = new double[rows.length][dimension()];
    for (int n = 0; n < rows.length; n++) {
      for (int d = 0; d < rows[n].length; d++) {
        features[n][d] = rows[n][d];
      }
    }
    return features;
  }

  @Override
  void close();
}
