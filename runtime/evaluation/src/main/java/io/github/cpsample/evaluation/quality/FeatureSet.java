package io.github.cpsample.evaluation.quality;

import io.github.cpsample.base.Checks;
import io.github.cpsample.evaluation.statistics.RowSource;

/**
 * The features of a set of images, with their mean and covariance, which are computed once.
 *
 * @param name of the set, as the figures name it
 * @param rows its feature vectors
 * @param summary mean and covariance
 */
public record FeatureSet(String name, RowSource rows, FeatureSummary summary) {

  /**
   * Summarises a set.
   *
   * @param name of the set
   * @param rows at least {@link QualityMeasures#LEAST} vectors of finite values
   * @return the set
   * @throws IllegalArgumentException if there are too few, or one is not finite
   */
  public static FeatureSet of(String name, RowSource rows) {
    Checks.argument(
        rows.size() >= QualityMeasures.LEAST,
        name,
        "features of at least " + QualityMeasures.LEAST + " images",
        rows.size());
    return new FeatureSet(name, rows, FeatureRows.summary(rows));
  }
}
