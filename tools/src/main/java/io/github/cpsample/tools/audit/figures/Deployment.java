package io.github.cpsample.tools.audit.figures;

import io.github.cpsample.tools.audit.statistics.Interval;
import java.util.List;

/**
 * Who can tell from what that an image was trained on.
 *
 * @param name such as {@code sampler on a server, images out}
 * @param attacker what the attacker holds
 * @param attacks names of the attacks in the membership figures that such an attacker can mount
 * @param strongest of the attacks that tell on the images in odd places, or else of all, the one
 *     that did best on those in even places, with the direction of its scores
 * @param auc its area on those in odd places, with an interval that holds for all attacks at once
 * @param truePositivesAt1Percent the share of members that it finds there at no more than 1 % of
 *     false positives, with such an interval
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
