package io.github.cpsample.trainer.training;

/**
 * How well a classifier has memorised at one noise level.
 *
 * @param t the timestep, in [0,T)
 * @param trainAccuracy share of right bits on training images
 * @param trainCertainty mean certainty exp(mean_k log max(p_k,1-p_k)) on training images, in
 *     [1/2,1]
 * @param heldOutAccuracy the same for held-out images, whose bits nobody taught: about one half
 * @param heldOutCertainty mean certainty on held-out images: the source of false alarms
 * @param auc how well certainty tells training images from held-out ones, in [0,1]
 * @param tprAt1PercentFpr share of training images recognised at 1 % false alarms
 */
public record MemorizationPoint(
    int t,
    double trainAccuracy,
    double trainCertainty,
    double heldOutAccuracy,
    double heldOutCertainty,
    double auc,
    double tprAt1PercentFpr) {}
