package io.github.cpsample.evaluation.store;

import io.github.cpsample.base.Checks;

/**
 * Which seeds a method begins with.
 *
 * @param first the first seed
 * @param count how many follow each other
 * @param batch how many are computed and written together
 */
public record SeedRange(long first, int count, int batch) {

  public SeedRange {
    Checks.argument(
        count >= 1 && batch >= 1,
        "seeds",
        "at least 1, in batches of at least 1",
        count + " in batches of " + batch);
  }
}
