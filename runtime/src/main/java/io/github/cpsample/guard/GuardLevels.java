package io.github.cpsample.guard;

import io.github.cpsample.bundle.Manifest;
import java.util.Comparator;
import java.util.List;

/** At which noise levels a classifier is asked about finished images. */
final class GuardLevels {

  /** A level is used if its area under the ROC curve is as near to the best one. */
  private static final double NEAR_THE_BEST = 0.01;

  private static final double LEAST_AREA = 0.6;
  private static final double LEAST_ACCURACY = 0.99;
  private static final int MOST = 4;

  private GuardLevels() {}

  /**
   * The lowest levels, four at most, at which certainty separates training images from others about
   * as well as it does anywhere; where the curve was measured without other images, those at which
   * the classifier knows its training images.
   *
   * @return timesteps in ascending order, at least one
   * @throws IllegalArgumentException if there is none
   */
  static List<Manifest.MemorisationPoint> of(Manifest manifest) {
    List<Manifest.MemorisationPoint> levels = find(manifest);
    if (levels.isEmpty()) {
      throw new IllegalArgumentException(
          "model "
              + manifest.name()
              + ": expected a memorisation curve with a noise level at which the classifier tells"
              + " its training images from others, found none; check with an index instead");
    }
    return levels;
  }

  /** The same; empty if there is none. */
  static List<Manifest.MemorisationPoint> find(Manifest manifest) {
    double best = manifest.memorisation().stream().mapToDouble(GuardLevels::area).max().orElse(0);
    return manifest.memorisation().stream()
        .filter(
            point ->
                best > 0
                    ? area(point) >= Math.max(LEAST_AREA, best - NEAR_THE_BEST)
                    : point.trainAccuracy() >= LEAST_ACCURACY)
        .sorted(Comparator.comparingInt(Manifest.MemorisationPoint::t))
        .limit(MOST)
        .toList();
  }

  private static double area(Manifest.MemorisationPoint point) {
    return point.others().map(Manifest.MemorisationPoint.HeldOut::auc).orElse(0.0);
  }
}
