package io.github.cpsample.evaluation.membership;

/**
 * What attacks do. Fixed beforehand; nothing is picked by what comes out.
 *
 * @param seed of all draws and resamples
 * @param batch images computed together
 * @param images the largest number of training images, and of held-out images, that are attacked
 */
public record MembershipSettings(long seed, int batch, int images) {

  public MembershipSettings {
    if (batch < 1) {
      throw new IllegalArgumentException("batch: expected at least 1, found " + batch);
    }
    if (images < 2) {
      throw new IllegalArgumentException("images: expected at least 2, found " + images);
    }
  }
}
