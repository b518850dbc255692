package io.github.cpsample.evaluation.calibration;

import java.io.IOException;
import java.util.Optional;

/** Samples and measures a block of seeds. Belongs to one thread. */
@FunctionalInterface
public interface BatchSampler {

  /**
   * Samples the images of some seeds. What comes of a seed depends on the seed and the setting
   * alone, but for the time.
   *
   * @param candidate how to protect them; empty for no protection
   * @param part which of the held-out images to compare with
   * @param firstSeed the first seed
   * @param count how many, at least 1
   * @return what came of them
   * @throws IOException if a result cannot be kept
   * @throws InterruptedException if the thread was interrupted; nothing of the block is kept
   */
  BatchResult sample(Optional<Candidate> candidate, Part part, long firstSeed, int count)
      throws IOException, InterruptedException;
}
