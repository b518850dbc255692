package io.github.cpsample.evaluation.replication;

import io.github.cpsample.evaluation.statistics.RowSource;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.CommonOps_DDRM;
import org.ejml.dense.row.factory.DecompositionFactory_DDRM;
import org.ejml.interfaces.decomposition.EigenDecomposition_F64;

/**
 * Shortens rows to their coordinates along the principal axes of a sample of them, so that an index
 * of them stays small and fast. Distances between short rows are at most those between the rows,
 * but for rounding. With n sampled rows X, centred, and {@code X X^T = U L U^T}, the axes are the
 * first columns of {@code X^T U L^(-1/2)} (Sirovich 1987). Immutable and thread-safe.
 */
final class PrincipalAxes {

  private static final int SAMPLED = 512;

  /** Axes with less than this share of the largest one's variance are rounding. */
  private static final double LEAST = 1e-10;

  /** One array per number of a row, with its share in every axis. */
  private final float[][] shares;

  private final int count;

  private PrincipalAxes(float[][] shares, int count) {
    this.shares = shares;
    this.count = count;
  }

  /**
   * Fits them.
   *
   * @param rows at least two different ones
   * @param most the largest number of axes
   * @param seed of the sample
   */
  static PrincipalAxes of(RowSource rows, int most, long seed) {
    DMatrixRMaj sample = sample(rows, new Random(seed));
    int sampled = sample.getNumRows();
    DMatrixRMaj products = new DMatrixRMaj(sampled, sampled);
    CommonOps_DDRM.multTransB(sample, sample, products);
    EigenDecomposition_F64<DMatrixRMaj> eigen = DecompositionFactory_DDRM.eig(sampled, true, true);
    if (!eigen.decompose(products)) {
      throw new IllegalStateException("the eigenvalues of a sample of images did not converge");
    }
    List<Integer> order =
        IntStream.range(0, sampled)
            .boxed()
            .sorted(Comparator.comparingDouble(i -> -eigen.getEigenvalue(i).getReal()))
            .limit(most)
            .toList();
    double least = LEAST * eigen.getEigenvalue(order.get(0)).getReal();
    List<Integer> kept =
        order.stream()
            .filter(i -> i.equals(order.get(0)) || eigen.getEigenvalue(i).getReal() > least)
            .toList();
    float[][] shares = new float[rows.width()][kept.size()];
    for (int axis = 0; axis < kept.size(); axis++) {
      int place = kept.get(axis);
      double length = Math.sqrt(eigen.getEigenvalue(place).getReal());
      DMatrixRMaj column = new DMatrixRMaj(rows.width(), 1);
      CommonOps_DDRM.multTransA(1 / length, sample, eigen.getEigenVector(place), column);
      for (int d = 0; d < shares.length; d++) {
        shares[d][axis] = (float) column.get(d);
      }
    }
    return new PrincipalAxes(shares, kept.size());
  }

  /** How many numbers a short row has. */
  int count() {
    return count;
  }

  /** The coordinates of a row; a new array. */
  float[] shorten(float[] row) {
    float[] coordinates = new float[count];
    for (int d = 0; d < row.length; d++) {
      add(row[d], shares[d], coordinates);
    }
    return coordinates;
  }

  private static void add(float value, float[] share, float[] coordinates) {
    for (int axis = 0; axis < coordinates.length; axis++) {
      coordinates[axis] += value * share[axis];
    }
  }

  /** Some rows, less their mean. */
  private static DMatrixRMaj sample(RowSource rows, Random random) {
    int[] chosen =
        rows.size() <= SAMPLED
            ? IntStream.range(0, rows.size()).toArray()
            : random.ints(0, rows.size()).distinct().limit(SAMPLED).toArray();
    DMatrixRMaj sample = new DMatrixRMaj(chosen.length, rows.width());
    double[] mean = new double[rows.width()];
    float[] row = new float[rows.width()];
    for (int i = 0; i < chosen.length; i++) {
      rows.read(chosen[i], row, 0);
      for (int d = 0; d < row.length; d++) {
        sample.set(i, d, row[d]);
        mean[d] += (double) row[d] / chosen.length;
      }
    }
    for (int i = 0; i < chosen.length; i++) {
      for (int d = 0; d < mean.length; d++) {
        sample.add(i, d, -mean[d]);
      }
    }
    return sample;
  }
}
