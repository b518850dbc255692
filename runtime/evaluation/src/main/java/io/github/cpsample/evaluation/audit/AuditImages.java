package io.github.cpsample.evaluation.audit;

import io.github.cpsample.base.Checks;
import io.github.cpsample.evaluation.statistics.RowSource;
import io.github.cpsample.image.FloatImage;
import io.github.cpsample.image.ImageShape;
import io.github.cpsample.image.ReplicaRule;
import java.util.Map;

/**
 * The images that an audit compares with.
 *
 * @param shape of an image
 * @param training what the model was trained on, one image per row, values in [-1, 1]
 * @param heldOut images of the same kind that it was not trained on
 * @param identities which images these are, by set, for the report; hashes that tell two sets apart
 */
public record AuditImages(
    ImageShape shape, RowSource training, RowSource heldOut, Map<String, String> identities) {

  private static final int LEAST_TRAINING = ReplicaRule.STANDARD.neighbours() + 1;

  /** The name of the training images among the identities and in figures. */
  public static final String TRAINING = "training images";

  /** The name of the held-out images. */
  public static final String HELD_OUT = "held-out images";

  public AuditImages {
    Checks.argument(
        training.size() >= LEAST_TRAINING && heldOut.size() >= 4,
        "audit",
        "at least " + LEAST_TRAINING + " training images and 4 held-out images",
        training.size() + " and " + heldOut.size());
  }

  /** One training image. */
  FloatImage trainingImage(int index) {
    return FloatImage.copyOf(shape, training.rows(index, index + 1)[0], 0);
  }
}
