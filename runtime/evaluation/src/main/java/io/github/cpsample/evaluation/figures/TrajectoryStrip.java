package io.github.cpsample.evaluation.figures;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One seed on its way, with and without protection; the pictures are those of the denoised
 * prediction.
 *
 * @param seed of both
 * @param frames in the order of sampling
 */
public record TrajectoryStrip(long seed, List<Frame> frames) {

  /**
   * A moment of the protected sample; its timestep is larger than that of the moment before where
   * the sample was sent back in between.
   *
   * @param timestep where both are
   * @param unprotectedCertainty of the classifier about the unprotected sample, in [1/2, 1]
   * @param protectedCertainty about the protected sample; null where the guard does not ask at this
   *     timestep and the samples differ
   * @param guarded whether the protected sample was corrected on the way here from the moment
   *     before; at the last moment also by its own step
   */
  public record Frame(
      double timestep,
      double unprotectedCertainty,
      @Nullable Double protectedCertainty,
      boolean guarded) {}
}
