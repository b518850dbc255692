package io.github.cpsample.evaluation.membership;

import io.github.cpsample.base.Checks;

/**
 * What attacks do. Fixed beforehand; nothing is picked by what comes out.
 *
 * @param seed of all draws and resamples
 * @param batch images computed together
 * @param images the largest number of training images, and of held-out images, that are attacked
 */
public record MembershipSettings(long seed, int batch, int images) {

  public MembershipSettings {
    Checks.atLeast("batch", batch, 1);
    Checks.atLeast("images", images, 2);
  }
}
