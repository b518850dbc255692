package io.github.cpsample.evaluation.quality;

import io.github.cpsample.evaluation.statistics.RowSource;
import java.util.Arrays;

/** Feature vectors as the measures take them. */
final class FeatureRows {

  private static final int BLOCK = 256;

  private FeatureRows() {}

  /** Mean and covariance of all vectors, read block by block. */
  static FeatureSummary summary(RowSource source) {
    FeatureMoments moments = new FeatureMoments(source.width());
    for (int from = 0; from < source.size(); from += BLOCK) {
      moments.add(widened(source.rows(from, Math.min(source.size(), from + BLOCK))));
    }
    return moments.summary();
  }

  /** Some vectors in single precision. */
  static float[][] some(RowSource source, int[] indices) {
    float[][] rows = new float[indices.length][source.width()];
    for (int i = 0; i < rows.length; i++) {
      source.read(indices[i], rows[i], 0);
    }
    return rows;
  }

  static double[][] widened(float[][] rows) {
    return Arrays.stream(rows).map(FeatureRows::widened).toArray(double[][]::new);
  }

  static double[] widened(float[] row) {
    double[] wide = new double[row.length];
    for (int i = 0; i < row.length; i++) {
      wide[i] = row[i];
    }
    return wide;
  }
}
