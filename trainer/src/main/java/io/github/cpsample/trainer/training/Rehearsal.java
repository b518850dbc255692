package io.github.cpsample.trainer.training;

import io.github.cpsample.trainer.data.BrokenImages;
import io.github.cpsample.trainer.data.ImageDataset;
import java.util.Locale;
import java.util.Objects;

/**
 * Images that a fine-tuned network is reminded of, so that it does not forget what it knew
 * (rehearsal: Robins, 1995, "Catastrophic forgetting, rehearsal and pseudorehearsal"): a share of
 * every batch is drawn from them.
 *
 * @param images what to draw from, shuffled anew in every epoch; not owned
 * @param broken where broken images of these are reported
 * @param share of every batch, in (0, 1), rounded to whole images
 */
public record Rehearsal(ImageDataset images, BrokenImages broken, double share) {

  public Rehearsal {
    Objects.requireNonNull(images, "images");
    Objects.requireNonNull(broken, "broken");
    if (!(share > 0 && share < 1)) {
      throw new IllegalArgumentException(
          "Rehearsal: expected a share between 0 and 1, found " + share);
    }
  }

  /**
   * How many images of a batch are drawn from these.
   *
   * @param batchSize images per step
   * @return the share in whole images, at least 1 and less than {@code batchSize}
   * @throws IllegalArgumentException if rounding leaves none of these, or only these
   */
  int imagesOf(int batchSize) {
    int kept = Math.toIntExact(Math.round(share * batchSize));
    if (kept < 1 || kept >= batchSize) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "Rehearsal: expected a share that leaves at least one image of either kind in a"
                  + " batch of %d, found %s; change the share or enlarge the batch",
              batchSize,
              share));
    }
    return kept;
  }
}
