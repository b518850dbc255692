package io.github.cpsample.sampling;

/** What the last step did to each image of a batch. */
final class StepOutcome {
  private final boolean[] guarded;
  private final double[] certainties;
  private boolean asked;

  StepOutcome(int rows) {
    this.guarded = new boolean[rows];
    this.certainties = new double[rows];
  }

  /** The classifier was not asked about any image. */
  void unasked() {
    asked = false;
  }

  /** The classifier was asked about every image, and this is its answer about one. */
  void answer(int row, boolean guards, double certainty) {
    asked = true;
    guarded[row] = guards;
    certainties[row] = certainty;
  }

  boolean asked() {
    return asked;
  }

  boolean guarded(int row) {
    return asked && guarded[row];
  }

  double certainty(int row) {
    return certainties[row];
  }
}
