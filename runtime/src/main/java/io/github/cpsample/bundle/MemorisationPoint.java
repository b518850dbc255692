package io.github.cpsample.bundle;

/**
 * How well the classifier knows its training images at one noise level, and how it answers held-out
 * images. Averages only: nothing about a single image.
 *
 * @param t timestep
 * @param trainAccuracy share of right bits on training images
 * @param trainCertainty mean of max(p, 1-p) on training images
 * @param heldOutAccuracy share of right bits on held-out images, near 1/2
 * @param heldOutCertainty mean of max(p, 1-p) on held-out images
 * @param auc area under the ROC curve of the mean certainty, training against held-out
 * @param tprAt1PercentFpr true-positive rate at 1 % false positives of the same
 */
public record MemorisationPoint(
    int t,
    double trainAccuracy,
    double trainCertainty,
    double heldOutAccuracy,
    double heldOutCertainty,
    double auc,
    double tprAt1PercentFpr) {
  /**
   * Refuses what is no share.
   *
   * @param t as the component says
   * @param trainAccuracy as the component says
   * @param trainCertainty as the component says
   * @param heldOutAccuracy as the component says
   * @param heldOutCertainty as the component says
   * @param auc as the component says
   * @param tprAt1PercentFpr as the component says
   */
  public MemorisationPoint {
    ManifestChecks.atLeast("memorisation.t", t, 0);
    ManifestChecks.within("memorisation.trainAccuracy", trainAccuracy, 0, 1);
    ManifestChecks.within("memorisation.trainCertainty", trainCertainty, 0, 1);
    ManifestChecks.within("memorisation.heldOutAccuracy", heldOutAccuracy, 0, 1);
    ManifestChecks.within("memorisation.heldOutCertainty", heldOutCertainty, 0, 1);
    ManifestChecks.within("memorisation.auc", auc, 0, 1);
    ManifestChecks.within("memorisation.tprAt1PercentFpr", tprAt1PercentFpr, 0, 1);
  }
}
