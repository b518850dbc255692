package io.github.cpsample.evaluation.quality;

/** How the trace of the root in {@link FrechetDistance} is computed, with {@code S = F^T F}. */
public enum FrechetForm {
  /**
   * The sum of the singular values of {@code F1 F2^T}: exact with fewer vectors than features too.
   */
  NUCLEAR_NORM,

  /**
   * The sum of the roots of the eigenvalues of {@code F1 S2 F1^T}, which are those of {@code
   * S1^(1/2) S2 S1^(1/2)}; those that rounding made negative count as 0. Needs less time than
   * {@link #NUCLEAR_NORM}; without full rank it is off by about 1e-7, the root of the rounding.
   */
  SYMMETRIC,

  /**
   * What pytorch-fid computes where its matrix root fails: as {@link #NUCLEAR_NORM}, but with 1e-6
   * added to the diagonals of both covariances under the root, and not to their traces. The
   * distance is then too small, by 2e-6 per feature between equal covariances and by much more
   * where one of them has no full rank, and may be negative. For comparisons with its numbers only.
   */
  PYTORCH_FID_RIDGE
}
