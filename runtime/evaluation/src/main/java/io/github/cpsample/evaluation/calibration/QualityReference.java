package io.github.cpsample.evaluation.calibration;

import io.github.cpsample.evaluation.quality.FeatureSummary;
import java.util.Arrays;
import java.util.Optional;

/**
 * What real images are like, as the yardstick of quality.
 *
 * @param distanceSpread standard deviation of the distances of real images to their nearest other
 *     one
 * @param features their features; empty without an embedder
 * @param featureSpread root of the summed variances of their features; 1 without an embedder
 */
public record QualityReference(
    double distanceSpread, Optional<FeatureSummary> features, double featureSpread) {

  public QualityReference {
    if (!(distanceSpread > 0 && featureSpread > 0)) {
      throw new IllegalArgumentException(
          "held-out images: expected images that differ, found a spread of "
              + distanceSpread
              + " in pixels and "
              + featureSpread
              + " in features; give more of them");
    }
  }

  /**
   * Measures real images.
   *
   * @param distances of at least two of them to their nearest other one; not modified
   * @param features one row per image; not modified
   * @return the yardstick
   */
  public static QualityReference of(double[] distances, Optional<double[][]> features) {
    return new QualityReference(
        Math.sqrt(variance(distances)),
        features.map(FeatureSummary::of),
        features.map(QualityReference::spread).orElse(1.0));
  }

  private static double spread(double[][] features) {
    double sum = 0;
    for (int d = 0; d < features[0].length; d++) {
      int column = d;
      sum += variance(Arrays.stream(features).mapToDouble(row -> row[column]).toArray());
    }
    return Math.sqrt(sum);
  }

  private static double variance(double[] values) {
    double mean = Arrays.stream(values).average().orElseThrow();
    double sum = Arrays.stream(values).map(value -> (value - mean) * (value - mean)).sum();
    return sum / (values.length - 1);
  }
}
