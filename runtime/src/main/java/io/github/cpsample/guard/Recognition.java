package io.github.cpsample.guard;

import java.util.List;

/**
 * How surely the classifier recognises an image. This is a membership test: whoever sees it can
 * tell images that were trained on from others. Never pass it on unasked.
 *
 * @param levels mean logarithm of the certainty at each noise level asked, in [-log 2, 0]
 * @param score their geometric mean, with its sign; 0 is complete certainty
 * @param recognised whether the score reaches the limit
 */
public record Recognition(List<Double> levels, double score, boolean recognised) {

  /**
   * Copies the list.
   *
   * @param levels as the component says
   * @param score as the component says
   * @param recognised as the component says
   */
  public Recognition {
    levels = List.copyOf(levels);
  }
}
