package io.github.cpsample.imagej;

import ij.IJ;
import io.github.cpsample.sampling.Progress;
import java.util.concurrent.CancellationException;

/**
 * ImageJ's progress bar and its Esc key.
 *
 * @param done how much of the bar is full at the beginning, in [0, 1]
 * @param share how much of the bar the work is, in [0, 1]
 */
record EscapableProgress(double done, double share) implements Progress {
  /** The whole bar. */
  EscapableProgress() {
    this(0, 1);
  }

  /** The progress of one of several images. */
  static EscapableProgress ofImage(int index, int count) {
    return new EscapableProgress((double) index / count, 1.0 / count);
  }

  @Override
  public void onStep(int stepsDone, int stepsTotal) {
    IJ.showProgress(done + share * stepsDone / stepsTotal);
  }

  @Override
  public boolean isCancelled() {
    return IJ.escapePressed();
  }

  /** The same for work that is not sampling. */
  void step(int stepsDone, int stepsTotal) {
    if (isCancelled()) {
      throw new CancellationException("Esc was pressed");
    }
    onStep(stepsDone, stepsTotal);
  }
}
