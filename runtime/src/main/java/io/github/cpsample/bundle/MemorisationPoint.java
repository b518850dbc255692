package io.github.cpsample.bundle;

import java.util.Optional;

/**
 * What the classifier memorised at one noise level.
 *
 * @param t timestep
 * @param trainAccuracy share of right bits on training images
 * @param trainCertainty mean of max(p, 1-p) on training images
 * @param heldOut the same for images that it was not trained on; null where there were none to
 *     measure with, see {@link #others()}
 */
public record MemorisationPoint(
    int t, double trainAccuracy, double trainCertainty, HeldOut heldOut) {

  /**
   * What the classifier says of images that it was not trained on.
   *
   * @param accuracy share of right bits on held-out images, near 1/2
   * @param certainty mean of max(p, 1-p) on held-out images
   * @param auc area under the ROC curve of the mean certainty, training against held-out
   * @param tprAt1PercentFpr true-positive rate at 1 % false positives of the same
   */
  public record HeldOut(double accuracy, double certainty, double auc, double tprAt1PercentFpr) {
    /**
     * Refuses what is no share.
     *
     * @param accuracy as the component says
     * @param certainty as the component says
     * @param auc as the component says
     * @param tprAt1PercentFpr as the component says
     */
    public HeldOut {
      ManifestChecks.within("memorisation.heldOut.accuracy", accuracy, 0, 1);
      ManifestChecks.within("memorisation.heldOut.certainty", certainty, 0, 1);
      ManifestChecks.within("memorisation.heldOut.auc", auc, 0, 1);
      ManifestChecks.within("memorisation.heldOut.tprAt1PercentFpr", tprAt1PercentFpr, 0, 1);
    }
  }

  /**
   * Refuses what is no share.
   *
   * @param t as the component says
   * @param trainAccuracy as the component says
   * @param trainCertainty as the component says
   * @param heldOut as the component says
   */
  public MemorisationPoint {
    ManifestChecks.atLeast("memorisation.t", t, 0);
    ManifestChecks.within("memorisation.trainAccuracy", trainAccuracy, 0, 1);
    ManifestChecks.within("memorisation.trainCertainty", trainCertainty, 0, 1);
  }

  /**
   * What held-out images gave.
   *
   * @return empty if the classifier was trained without held-out images
   */
  public Optional<HeldOut> others() {
    return Optional.ofNullable(heldOut);
  }
}
