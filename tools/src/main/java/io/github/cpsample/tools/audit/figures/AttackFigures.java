package io.github.cpsample.tools.audit.figures;

import io.github.cpsample.tools.audit.statistics.Interval;
import io.github.cpsample.tools.audit.statistics.WelchTest;
import io.github.cpsample.trainer.evaluation.RocPoint;
import java.util.List;

/**
 * What the scores of an attack are worth.
 *
 * @param auc the area under the curve, {@code P(member < other) + P(tie) / 2}
 * @param truePositivesAt1Percent the largest share of members found by a threshold that takes at
 *     most 1 % of the others for members
 * @param truePositivesAt1PerMille the same at most 0.1 %; with fewer than 1000 others none of them
 *     may be taken for a member
 * @param bestAccuracy of any threshold; picked on the scores themselves, so above a half for noise
 * @param bestBalancedAccuracy the same with members and others weighing the same
 * @param test of whether others score higher than members
 * @param curve of true against false positives, thinned to at most 200 points
 */
public record AttackFigures(
    Interval auc,
    Interval truePositivesAt1Percent,
    Interval truePositivesAt1PerMille,
    Interval bestAccuracy,
    Interval bestBalancedAccuracy,
    WelchTest test,
    List<RocPoint> curve) {}
