package io.github.cpsample.trainer.evaluation;

import io.github.cpsample.similarity.Rows;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.factory.DecompositionFactory_DDRM;
import org.ejml.interfaces.decomposition.QRDecomposition;

/**
 * Mean and covariance of a set of feature vectors, the covariance as a factor F with {@code S = F^T
 * F}: the centred features over {@code sqrt(n-1)}, replaced by the R of their QR decomposition
 * where they have more rows than columns. Made once per set and compared with others by {@link
 * FrechetDistance}. Immutable.
 */
public final class FeatureSummary {

  private final double[] mean;
  private final DMatrixRMaj factor;
  private final double trace;

  private FeatureSummary(double[] mean, DMatrixRMaj factor, double trace) {
    this.mean = mean;
    this.factor = factor;
    this.trace = trace;
  }

  /**
   * Summarises a set.
   *
   * @param features at least two vectors of finite values, {@code [n][d]}; not modified
   * @return mean and covariance with divisor n - 1
   * @throws IllegalArgumentException if there are fewer than two, or they are ragged or not finite
   */
  public static FeatureSummary of(double[][] features) {
    int dimension = Rows.requireFinite("features", features, 2);
    double[] mean = mean(features, dimension);
    double scale = 1 / Math.sqrt(features.length - 1.0);
    DMatrixRMaj centred = new DMatrixRMaj(features.length, dimension);
    double trace = 0;
    for (int i = 0; i < features.length; i++) {
      for (int d = 0; d < dimension; d++) {
        double value = (features[i][d] - mean[d]) * scale;
        centred.set(i, d, value);
        trace += value * value;
      }
    }
    return new FeatureSummary(mean, triangular(centred), trace);
  }

  /**
   * The length of the feature vectors.
   *
   * @return d
   */
  public int dimension() {
    return mean.length;
  }

  double[] mean() {
    return mean;
  }

  DMatrixRMaj factor() {
    return factor;
  }

  double trace() {
    return trace;
  }

  private static double[] mean(double[][] features, int dimension) {
    double[] mean = new double[dimension];
    for (double[] row : features) {
      for (int d = 0; d < dimension; d++) {
        mean[d] += row[d];
      }
    }
    for (int d = 0; d < dimension; d++) {
      mean[d] /= features.length;
    }
    return mean;
  }

  private static DMatrixRMaj triangular(DMatrixRMaj centred) {
    if (centred.getNumRows() <= centred.getNumCols()) {
      return centred;
    }
    QRDecomposition<DMatrixRMaj> qr =
        DecompositionFactory_DDRM.qr(centred.getNumRows(), centred.getNumCols());
    if (!qr.decompose(centred)) {
      throw new IllegalStateException("the QR decomposition of the features failed");
    }
    return qr.getR(null, true);
  }
}
