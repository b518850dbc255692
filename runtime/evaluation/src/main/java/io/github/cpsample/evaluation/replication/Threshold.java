package io.github.cpsample.evaluation.replication;

import io.github.cpsample.base.Checks;
import java.util.Arrays;
import java.util.Locale;

/**
 * A number below which (for the cosine above which) an image counts as a replica, chosen on images
 * that are nobody's replicas.
 *
 * <p>Of n numbers, nearest first, it is the k-th with {@code k = max(1, floor(target (n + 1)))},
 * and only what is nearer than it counts. A further image of the same kind is then taken for a
 * replica with a probability of at most {@code k / (n + 1)}, whatever the distribution, since it is
 * equally likely to fall into any of the n + 1 gaps (Wilks 1941); ties make that less. With fewer
 * than {@code 1 / target - 1} images that share is above the target: the nearest of them is the
 * threshold, and {@link #chosenFor} says what can be had.
 *
 * @param measure whose numbers
 * @param value the number
 * @param chosenFor the larger of the target and {@code 1 / (n + 1)}
 * @param images n
 */
record Threshold(Measure measure, double value, double chosenFor, int images) {

  /**
   * Chooses one.
   *
   * @param measure whose numbers
   * @param numbers of images that are nobody's replicas, at least one; not modified
   * @param target the share of such images that may be taken for replicas
   */
  static Threshold choose(Measure measure, double[] numbers, double target) {
    Checks.argument(numbers.length > 0, "threshold", "at least 1 image", "none");
    int n = numbers.length;
    double[] ascending = numbers.clone();
    Arrays.sort(ascending);
    int place = Math.max(1, (int) Math.floor(target * (n + 1) * (1 + Math.ulp(1.0))));
    double value = measure.lowIsNear() ? ascending[place - 1] : ascending[n - place];
    return new Threshold(measure, value, Math.max(target, 1.0 / (n + 1)), n);
  }

  /** Whether a number counts as that of a replica. */
  boolean isReplica(double number) {
    return measure.lowIsNear() ? number < value : number > value;
  }

  /** The rule in words. */
  String describe() {
    return String.format(
        Locale.ROOT,
        "%s %s %.4g, chosen on %d held-out images for at most %.2g %% false alarms",
        measure.label(),
        measure.lowIsNear() ? "<" : ">",
        value,
        images,
        100 * chosenFor);
  }
}
