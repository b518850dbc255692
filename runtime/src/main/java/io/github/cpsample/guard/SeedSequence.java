package io.github.cpsample.guard;

/**
 * The seeds that an image is tried with. Try 0 has the image's own seed {@code s}; try {@code k}
 * has the {@code k}-th number of SplitMix64 started at {@code s} (Steele, Lea and Flood, <i>Fast
 * Splittable Pseudorandom Number Generators</i>, OOPSLA 2014). So a try depends on the image's seed
 * and its number alone, and hardly ever meets the seed of another image.
 */
final class SeedSequence {

  private static final long GOLDEN = 0x9E3779B97F4A7C15L;

  private SeedSequence() {}

  /**
   * The seed of a try.
   *
   * @param seed the image's own seed
   * @param attempt 0 for the first try
   * @return the seed
   */
  public static long of(long seed, int attempt) {
    if (attempt == 0) {
      return seed;
    }
    long z = seed + attempt * GOLDEN;
    z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }
}
