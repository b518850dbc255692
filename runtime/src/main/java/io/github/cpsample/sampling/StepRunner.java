package io.github.cpsample.sampling;

import java.util.List;

/** Takes rows through their next steps. Belongs to one thread. */
interface StepRunner {
  /**
   * Advances rows by one step each: one call of the denoiser, whatever steps they are at.
   *
   * @param rows at least one, none twice; each is told what happened to it
   * @throws NonFiniteException if a number is not finite
   */
  void advance(List<Row> rows);
}
