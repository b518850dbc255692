package io.github.cpsample.evaluation.quality;

import io.github.cpsample.image.Rows;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.CommonOps_DDRM;
import org.ejml.dense.row.factory.DecompositionFactory_DDRM;
import org.ejml.interfaces.decomposition.EigenDecomposition_F64;
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
    DMatrixRMaj scaled = centred(features, mean);
    double trace = 0;
    for (int i = 0; i < scaled.getNumElements(); i++) {
      double value = scaled.get(i) * scale;
      scaled.set(i, value);
      trace += value * value;
    }
    return new FeatureSummary(mean, triangular(scaled), trace);
  }

  /**
   * The summary of vectors of which only sums are known. The factor's rows are the eigenvectors,
   * each times the root of its eigenvalue; those that rounding made negative count as 0.
   *
   * @param mean of the vectors; copied
   * @param scatter the sum of the outer squares of the centred vectors, symmetric; not modified
   * @param count the number of vectors, at least 2
   */
  static FeatureSummary ofScatter(double[] mean, DMatrixRMaj scatter, long count) {
    DMatrixRMaj covariance = scatter.copy();
    CommonOps_DDRM.divide(covariance, count - 1.0);
    double trace = CommonOps_DDRM.trace(covariance);
    int dimension = mean.length;
    EigenDecomposition_F64<DMatrixRMaj> eigen =
        DecompositionFactory_DDRM.eig(dimension, true, true);
    if (!eigen.decompose(covariance)) {
      throw new IllegalStateException("the eigenvalues of the covariance did not converge");
    }
    DMatrixRMaj factor = new DMatrixRMaj(dimension, dimension);
    for (int i = 0; i < dimension; i++) {
      double root = Math.sqrt(Math.max(0, eigen.getEigenvalue(i).getReal()));
      DMatrixRMaj vector = eigen.getEigenVector(i);
      for (int d = 0; d < dimension; d++) {
        factor.set(i, d, root * vector.get(d));
      }
    }
    return new FeatureSummary(mean.clone(), factor, trace);
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

  /** The factor of {@code S + ridge I}: this one's rows above those of {@code sqrt(ridge) I}. */
  DMatrixRMaj ridgedFactor(double ridge) {
    DMatrixRMaj diagonal = CommonOps_DDRM.identity(mean.length);
    CommonOps_DDRM.scale(Math.sqrt(ridge), diagonal);
    DMatrixRMaj both = new DMatrixRMaj(factor.getNumRows() + mean.length, mean.length);
    CommonOps_DDRM.concatRows(factor, diagonal, both);
    return triangular(both);
  }

  /** The vectors less their mean. */
  static DMatrixRMaj centred(double[][] features, double[] mean) {
    DMatrixRMaj centred = new DMatrixRMaj(features.length, mean.length);
    for (int i = 0; i < features.length; i++) {
      for (int d = 0; d < mean.length; d++) {
        centred.set(i, d, features[i][d] - mean[d]);
      }
    }
    return centred;
  }

  static double[] mean(double[][] features, int dimension) {
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

  /**
   * The R of the QR decomposition. EJML says that it failed where a column is zero or depends on
   * others, since such a column has no reflection; its R is right all the same.
   */
  private static DMatrixRMaj triangular(DMatrixRMaj centred) {
    if (centred.getNumRows() <= centred.getNumCols()) {
      return centred;
    }
    QRDecomposition<DMatrixRMaj> qr =
        DecompositionFactory_DDRM.qr(centred.getNumRows(), centred.getNumCols());
    qr.decompose(centred);
    return qr.getR(null, true);
  }
}
