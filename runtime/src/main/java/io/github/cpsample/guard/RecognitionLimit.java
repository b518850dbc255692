package io.github.cpsample.guard;

import java.util.Arrays;
import java.util.OptionalDouble;

/**
 * From which score on an image counts as recognised.
 *
 * @param score the limit, in [-log 2, 0]
 * @param falseAlarms the share of images that were not trained on that reaches it at most, on
 *     average over sets of held-out images; empty if nothing was measured
 * @param heldOut how many held-out images it was measured with
 */
public record RecognitionLimit(double score, OptionalDouble falseAlarms, int heldOut) {

  /**
   * The limit from the scores of held-out images. With {@code n} of them, the {@code k}-th highest
   * score is the limit, {@code k} the largest whole number up to {@code rate * (n + 1)}; an image
   * is recognised if it scores <em>higher</em>. A further image of the same kind ranks equally
   * likely at each of the {@code n + 1} places, so it is recognised with a probability of at most
   * {@code k / (n + 1)} (Vovk, Gammerman and Shafer, <i>Algorithmic Learning in a Random World</i>,
   * 2005, conformal prediction).
   *
   * @param heldOut scores of images that were not trained on
   * @param rate the false alarms allowed, in (0, 1)
   * @return the limit
   * @throws IllegalArgumentException if there are fewer than {@code 1 / rate - 1} images
   */
  static RecognitionLimit of(double[] heldOut, double rate) {
    if (!(rate > 0 && rate < 1)) {
      throw new IllegalArgumentException("false alarms: expected a share in (0, 1), found " + rate);
    }
    int place = (int) Math.floor(rate * (heldOut.length + 1) + 1e-9);
    if (place < 1) {
      throw new IllegalArgumentException(
          "held-out images: expected at least "
              + (int) Math.ceil(1 / rate - 1 - 1e-9)
              + " for a false alarm rate of "
              + rate
              + ", found "
              + heldOut.length);
    }
    double[] sorted = heldOut.clone();
    Arrays.sort(sorted);
    double score = sorted[sorted.length - place];
    return new RecognitionLimit(
        score, OptionalDouble.of(place / (heldOut.length + 1.0)), heldOut.length);
  }

  /** Whether a score is beyond the limit. */
  boolean recognises(double found) {
    return found > score;
  }
}
