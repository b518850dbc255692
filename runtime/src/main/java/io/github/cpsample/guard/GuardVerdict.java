package io.github.cpsample.guard;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * What a check found out about one image. Every verdict, also the plain yes or no, says something
 * about the training images: it belongs to the party that holds them.
 *
 * @param reasons why the image must not be passed on, a clause each; empty if it passes
 * @param match the nearest training image, where an index was at hand
 * @param recognition the classifier's opinion, where it was asked
 */
public record GuardVerdict(
    List<String> reasons, Optional<TrainingIndex.Match> match, Optional<Recognition> recognition) {

  public GuardVerdict {
    reasons = List.copyOf(reasons);
    Objects.requireNonNull(match, "match");
    Objects.requireNonNull(recognition, "recognition");
  }

  /**
   * Whether the image may be passed on.
   *
   * @return true if nothing speaks against it
   */
  public boolean passes() {
    return reasons.isEmpty();
  }

  /** Two checks of the same image as one. */
  GuardVerdict and(GuardVerdict other) {
    List<String> all = new ArrayList<>(reasons);
    all.addAll(other.reasons);
    return new GuardVerdict(
        all, match.or(() -> other.match), recognition.or(() -> other.recognition));
  }

  /**
   * How surely the classifier recognises an image. This is a membership test: whoever sees it can
   * tell images that were trained on from others. Never pass it on unasked.
   *
   * @param levels mean logarithm of the certainty at each noise level asked, in [-log 2, 0]
   * @param score their geometric mean, with its sign; 0 is complete certainty
   * @param recognised whether the score reaches the limit
   */
  public record Recognition(List<Double> levels, double score, boolean recognised) {

    public Recognition {
      levels = List.copyOf(levels);
    }
  }
}
