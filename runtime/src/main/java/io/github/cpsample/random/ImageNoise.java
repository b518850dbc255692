package io.github.cpsample.random;

import java.util.Objects;

/**
 * The noise of one image: what it starts from and what its steps add. It depends on the image's
 * seed alone, never on the batch around it.
 *
 * @param initial the stream of the starting noise
 * @param steps the stream of the noise added by the steps; in {@link RandomMode#TORCH} mode the
 *     same stream, continued
 */
public record ImageNoise(NormalStream initial, NormalStream steps) {
  /**
   * Checks that both are there.
   *
   * @param initial the stream of the starting noise
   * @param steps the stream of the noise added by the steps
   */
  public ImageNoise {
    Objects.requireNonNull(initial, "initial");
    Objects.requireNonNull(steps, "steps");
  }
}
