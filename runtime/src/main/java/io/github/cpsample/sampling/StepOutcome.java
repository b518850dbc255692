package io.github.cpsample.sampling;

import java.util.Arrays;

/** What the last step did to each image of a batch. */
final class StepOutcome {
  private final boolean[] guarded;
  private final double[] certainties;
  private float[] logits;
  private int bits;
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

  /** What the classifier said in full; the array is the classifier's own. */
  void answeredWith(float[] ofAllRows, int perRow) {
    logits = ofAllRows;
    bits = perRow;
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

  /** A copy of the logits of a row. */
  float[] logits(int row) {
    return Arrays.copyOfRange(logits, row * bits, (row + 1) * bits);
  }
}
