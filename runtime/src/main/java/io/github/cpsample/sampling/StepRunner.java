package io.github.cpsample.sampling;

import io.github.cpsample.diffusion.SamplerStep;

/** Takes the images of one request through single steps. Belongs to one thread. */
interface StepRunner {
  /**
   * Advances the first rows of the batch.
   *
   * @param step the step
   * @param rows how many images, in [1, N]
   * @param outcome is told what happened to them
   * @throws NonFiniteException if a number is not finite
   */
  void advance(SamplerStep step, int rows, StepOutcome outcome);
}
