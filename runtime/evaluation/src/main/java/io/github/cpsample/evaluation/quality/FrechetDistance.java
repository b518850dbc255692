package io.github.cpsample.evaluation.quality;

import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.CommonOps_DDRM;
import org.ejml.dense.row.factory.DecompositionFactory_DDRM;
import org.ejml.interfaces.decomposition.EigenDecomposition_F64;
import org.ejml.interfaces.decomposition.SingularValueDecomposition_F64;

/**
 * The squared Frechet distance between two Gaussians fitted to features (Dowson and Landau, 1982;
 * as a measure of generated images Heusel et al., 2017): {@code |m1-m2|^2 + Tr S1 + Tr S2 - 2 Tr
 * (S1 S2)^(1/2)}.
 *
 * <p>With {@code S1 = A^T A} and {@code S2 = B^T B} the last trace is the sum of the singular
 * values of {@code A B^T}. This is exact where there are fewer vectors than features too, and needs
 * neither a matrix square root nor a ridge; {@link FrechetForm} names other ways.
 *
 * <p>The distance is biased upwards for small sets: compare only distances from the same numbers of
 * images. Features of different networks are not comparable either.
 */
public final class FrechetDistance {

  /** What pytorch-fid adds to the diagonals. */
  private static final double RIDGE = 1e-6;

  private FrechetDistance() {}

  /**
   * The distance between two sets of feature vectors.
   *
   * @param first {@code [n1][d]}, at least two vectors; not modified
   * @param second {@code [n2][d]}, at least two vectors; not modified
   * @return at least 0
   * @throws IllegalArgumentException if a set is too small, ragged or not finite, or d differs
   */
  public static double between(double[][] first, double[][] second) {
    return between(FeatureSummary.of(first), FeatureSummary.of(second));
  }

  /**
   * The distance between two summaries, by {@link FrechetForm#NUCLEAR_NORM}.
   *
   * @param first of one set
   * @param second of the other
   * @return at least 0 (rounding below is cut off)
   * @throws IllegalArgumentException if the features differ in length
   */
  public static double between(FeatureSummary first, FeatureSummary second) {
    return between(first, second, FrechetForm.NUCLEAR_NORM);
  }

  /**
   * The distance between two summaries.
   *
   * @param first of one set
   * @param second of the other
   * @param form how it is computed
   * @return at least 0 (rounding below is cut off), unless the form says otherwise
   * @throws IllegalArgumentException if the features differ in length
   */
  static double between(FeatureSummary first, FeatureSummary second, FrechetForm form) {
    if (first.dimension() != second.dimension()) {
      throw new IllegalArgumentException(
          "expected features of one length, found "
              + first.dimension()
              + " and "
              + second.dimension());
    }
    double means = 0;
    for (int d = 0; d < first.dimension(); d++) {
      double difference = first.mean()[d] - second.mean()[d];
      means += difference * difference;
    }
    double covariances = first.trace() + second.trace() - 2 * traceOfRoot(first, second, form);
    double distance = means + covariances;
    return form == FrechetForm.PYTORCH_FID_RIDGE ? distance : Math.max(0, distance);
  }

  /** {@code Tr (S1 S2)^(1/2)}. */
  static double traceOfRoot(FeatureSummary first, FeatureSummary second, FrechetForm form) {
    return switch (form) {
      case NUCLEAR_NORM -> nuclearNorm(product(first.factor(), second.factor()));
      case SYMMETRIC -> sumOfRoots(product(first.factor(), second.factor()));
      case PYTORCH_FID_RIDGE ->
          nuclearNorm(product(first.ridgedFactor(RIDGE), second.ridgedFactor(RIDGE)));
    };
  }

  private static DMatrixRMaj product(DMatrixRMaj a, DMatrixRMaj b) {
    DMatrixRMaj product = new DMatrixRMaj(a.getNumRows(), b.getNumRows());
    CommonOps_DDRM.multTransB(a, b, product);
    return product;
  }

  private static double nuclearNorm(DMatrixRMaj product) {
    SingularValueDecomposition_F64<DMatrixRMaj> svd =
        DecompositionFactory_DDRM.svd(
            product.getNumRows(), product.getNumCols(), false, false, true);
    if (!svd.decompose(product)) {
      throw new IllegalStateException(
          "the singular value decomposition of F1 F2^T did not converge");
    }
    double sum = 0;
    double[] values = svd.getSingularValues();
    for (int i = 0; i < svd.numberOfSingularValues(); i++) {
      sum += values[i];
    }
    return sum;
  }

  private static double sumOfRoots(DMatrixRMaj product) {
    int size = Math.min(product.getNumRows(), product.getNumCols());
    DMatrixRMaj square = new DMatrixRMaj(size, size);
    if (product.getNumRows() == size) {
      CommonOps_DDRM.multOuter(product, square);
    } else {
      CommonOps_DDRM.multInner(product, square);
    }
    EigenDecomposition_F64<DMatrixRMaj> eigen = DecompositionFactory_DDRM.eig(size, false, true);
    if (!eigen.decompose(square)) {
      throw new IllegalStateException("the eigenvalues of F1 S2 F1^T did not converge");
    }
    double sum = 0;
    for (int i = 0; i < size; i++) {
      sum += Math.sqrt(Math.max(0, eigen.getEigenvalue(i).getReal()));
    }
    return sum;
  }

  /** How the trace of the root in {@link FrechetDistance} is computed, with {@code S = F^T F}. */
  public enum FrechetForm {
    /**
     * The sum of the singular values of {@code F1 F2^T}: exact with fewer vectors than features
     * too.
     */
    NUCLEAR_NORM,

    /**
     * The sum of the roots of the eigenvalues of {@code F1 S2 F1^T}, which are those of {@code
     * S1^(1/2) S2 S1^(1/2)}; those that rounding made negative count as 0. Needs less time than
     * {@link #NUCLEAR_NORM}; without full rank it is off by about 1e-7, the root of the rounding.
     */
    SYMMETRIC,

    /**
     * What pytorch-fid computes where its matrix root fails: as {@link #NUCLEAR_NORM}, but with
     * 1e-6 added to the diagonals of both covariances under the root, and not to their traces. The
     * distance is then too small, by 2e-6 per feature between equal covariances and by much more
     * where one of them has no full rank, and may be negative. For comparisons with its numbers
     * only.
     */
    PYTORCH_FID_RIDGE
  }
}
