package io.github.cpsample.trainer.training;

import io.github.cpsample.bundle.MemorisationPoint;
import java.util.List;

/**
 * What a classifier's training came to; stored as {@code run.json}.
 *
 * @param settings what was trained
 * @param images readable training images
 * @param heldOutImages readable held-out images
 * @param steps updates applied in all
 * @param repeats steps of the last call that were not finite and were repeated
 * @param seconds wall-clock seconds of the last call
 * @param ended why it ended: goal, steps, time or interrupted
 * @param targetReached whether the memorisation target holds at the end
 * @param curve what was memorised, per noise level
 */
public record ClassifierRun(
    ClassifierSettings settings,
    int images,
    int heldOutImages,
    long steps,
    long repeats,
    double seconds,
    String ended,
    boolean targetReached,
    List<MemorisationPoint> curve) {

  /**
   * Copies the curve.
   *
   * @param settings what was trained
   * @param images readable training images
   * @param heldOutImages readable held-out images
   * @param steps updates applied in all
   * @param repeats repeated steps
   * @param seconds wall-clock seconds
   * @param ended why it ended
   * @param targetReached whether the target holds
   * @param curve what was memorised
   */
  public ClassifierRun {
    curve = List.copyOf(curve);
  }
}
