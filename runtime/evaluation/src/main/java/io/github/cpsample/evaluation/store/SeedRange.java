package io.github.cpsample.evaluation.store;

/**
 * Which seeds a method begins with.
 *
 * @param first the first seed
 * @param count how many follow each other
 * @param batch how many are computed and written together
 */
public record SeedRange(long first, int count, int batch) {

  public SeedRange {
    if (count < 1 || batch < 1) {
      throw new IllegalArgumentException(
          "seeds: expected at least 1, in batches of at least 1, found "
              + count
              + " in batches of "
              + batch);
    }
  }
}
