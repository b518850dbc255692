package io.github.cpsample.evaluation.figures;

import io.github.cpsample.evaluation.statistics.Interval;
import io.github.cpsample.evaluation.statistics.RocPoint;
import io.github.cpsample.evaluation.statistics.WelchTest;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What scores are worth that should be low for members.
 *
 * @param members how many training images were scored
 * @param others how many held-out images
 * @param auc the area under the curve, 1/2 if they tell nothing. Far below 1/2 they tell as much,
 *     to whoever turns them round; see {@code direction}
 * @param truePositivesAt1Percent the share of members found at no more than 1 % of false positives
 * @param truePositivesAt1PerMille the same at 0.1 %
 * @param bestAccuracy of the best threshold, which favours the larger set
 * @param bestBalancedAccuracy of the best threshold, whatever the numbers of members and others
 * @param test whether the mean score of others is larger than that of members; null where all
 *     scores are one number
 * @param direction the same for an attacker who first finds out which way round the scores tell
 * @param mostTruePositives the share of members found at no more than 1 % of false positives, in
 *     the direction that finds more of these very members: a bound, not what an attacker gets
 * @param curve the curve, thinned to at most 200 points
 */
public record AttackFigures(
    int members,
    int others,
    Interval auc,
    Interval truePositivesAt1Percent,
    Interval truePositivesAt1PerMille,
    Interval bestAccuracy,
    Interval bestBalancedAccuracy,
    @Nullable WelchTest test,
    Direction direction,
    Rate mostTruePositives,
    List<RocPoint> curve) {

  /**
   * Scores turned round or not, as did better on the images in even places (the first is in place
   * 0), and what they are worth on those in odd places, whose labels had no part in it.
   *
   * @param turned whether high scores are taken for members
   * @param choosingAuc the area on the images in even places, at least 1/2
   * @param auc the area on those in odd places
   * @param truePositivesAt1Percent there
   */
  public record Direction(
      boolean turned, double choosingAuc, Interval auc, Interval truePositivesAt1Percent) {}
}
