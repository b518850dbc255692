package io.github.cpsample.evaluation.quality;

import io.github.cpsample.base.Checks;
import io.github.cpsample.image.Rows;
import java.io.Serializable;
import java.util.Arrays;
import java.util.Objects;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.CommonOps_DDRM;
import org.jspecify.annotations.Nullable;

/**
 * Collects feature vectors of which there may be more than memory holds: at most d of them are kept
 * at a time, and the others as their mean and their {@code d x d} sum of squares, joined by the
 * formulas of Chan, Golub and LeVeque (1979), which do not cancel. Those of parts of a set can be
 * joined, and travel between processes. Not thread-safe.
 */
public final class FeatureMoments implements Serializable {
  private static final long serialVersionUID = 1L;

  private final int dimension;
  private final double[][] kept;
  private int keptCount;
  private long folded;
  private final double[] mean;
  private @Nullable DMatrixRMaj scatter;

  /**
   * Nothing so far.
   *
   * @param dimension the length d of the vectors, at least 1
   */
  public FeatureMoments(int dimension) {
    Checks.argument(dimension >= 1, "dimension", "at least 1 feature", dimension);
    this.dimension = dimension;
    this.kept = new double[dimension][];
    this.mean = new double[dimension];
  }

  /**
   * Adds some vectors.
   *
   * @param features finite values, {@code [n][d]}, n may be 0; copied
   * @throws IllegalArgumentException if a vector has another length or is not finite; then none of
   *     them is added
   */
  public void add(double[][] features) {
    if (features.length == 0) {
      return;
    }
    int length = Rows.requireFinite("features", features, 1);
    Checks.argument(length == dimension, "features", "vectors of " + dimension + " values", length);
    for (double[] row : features) {
      if (keptCount == dimension) {
        fold();
      }
      kept[keptCount++] = row.clone();
    }
  }

  /**
   * Adds all vectors of other moments, as if they had been added here; sums differ by rounding.
   *
   * @param other of vectors as long; not modified
   * @throws IllegalArgumentException if its vectors have another length
   */
  public void addAll(FeatureMoments other) {
    if (other.dimension != dimension) {
      throw new IllegalArgumentException(
          "moments: expected vectors of " + dimension + " values, found " + other.dimension);
    }
    if (other.scatter != null) {
      join(other.mean, other.scatter, other.folded);
    }
    add(Arrays.copyOf(other.kept, other.keptCount));
  }

  /**
   * The number of vectors so far.
   *
   * @return at least 0
   */
  public long count() {
    return folded + keptCount;
  }

  /**
   * Mean and covariance so far. With up to d vectors this is just {@link FeatureSummary#of}.
   *
   * @return a summary that later vectors do not change
   * @throws IllegalArgumentException if there are fewer than two vectors
   */
  public FeatureSummary summary() {
    if (folded == 0) {
      return FeatureSummary.of(Arrays.copyOf(kept, keptCount));
    }
    fold();
    return FeatureSummary.ofScatter(mean, Objects.requireNonNull(scatter, "scatter"), folded);
  }

  /** Joins the kept vectors, if any, with those before. */
  private void fold() {
    if (keptCount == 0) {
      return;
    }
    double[][] rows = Arrays.copyOf(kept, keptCount);
    double[] blockMean = FeatureSummary.mean(rows, dimension);
    DMatrixRMaj centred = FeatureSummary.centred(rows, blockMean);
    DMatrixRMaj block = new DMatrixRMaj(dimension, dimension);
    CommonOps_DDRM.multInner(centred, block);
    join(blockMean, block, keptCount);
    keptCount = 0;
    Arrays.fill(kept, null);
  }

  private void join(double[] blockMean, DMatrixRMaj block, long count) {
    if (scatter == null) {
      scatter = new DMatrixRMaj(dimension, dimension);
    }
    CommonOps_DDRM.addEquals(scatter, block);
    double total = (double) folded + count;
    double weight = folded / total * count;
    double[] move = new double[dimension];
    for (int d = 0; d < dimension; d++) {
      move[d] = blockMean[d] - mean[d];
      mean[d] += move[d] * (count / total);
    }
    for (int i = 0; i < dimension; i++) {
      for (int j = 0; j < dimension; j++) {
        scatter.add(i, j, weight * move[i] * move[j]);
      }
    }
    folded += count;
  }
}
