package io.github.cpsample.evaluation.figures;

import io.github.cpsample.evaluation.statistics.Interval;
import java.util.List;

/**
 * Who can tell from what that an image was trained on.
 *
 * @param name such as {@code sampler on a server, images out}
 * @param attacker what the attacker holds
 * @param attacks names of the attacks in the membership figures that such an attacker can mount
 * @param strongest the attack, turned round or not, whose area is largest for certain
 * @param auc its area, with an interval that holds for all attacks and directions at once
 * @param truePositivesAt1Percent the share of members that it finds at no more than 1 % of false
 *     positives, with such an interval
 * @param possibleAuc the largest area that the interval of any of the attacks admits, in either
 *     direction, on all images
 * @param possibleTruePositives the largest share of members found at 1 % that any interval admits
 * @param support whether the figures support such a deployment
 * @param verdict what the figures support, one plain sentence
 */
public record Deployment(
    String name,
    String attacker,
    List<String> attacks,
    String strongest,
    Interval auc,
    Interval truePositivesAt1Percent,
    double possibleAuc,
    double possibleTruePositives,
    Support support,
    String verdict) {

  /** What figures say about a deployment. */
  public enum Support {
    /** Within the bounds that were fixed beforehand. */
    SUPPORTED,
    /** Training images are told from others. */
    NOT_SUPPORTED,
    /** Too few images to say either. */
    UNDECIDED
  }
}
