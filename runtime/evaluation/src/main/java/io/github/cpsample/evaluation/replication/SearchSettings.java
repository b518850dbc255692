package io.github.cpsample.evaluation.replication;

import io.github.cpsample.base.Checks;

/**
 * How nearest training images are searched for.
 *
 * @param mode exact, approximate, or by size
 * @param exactNumbers the largest number of training images times numbers per image that {@link
 *     Mode#AUTO} searches exactly
 * @param candidates how many rows the approximate index proposes per query, to be compared exactly
 * @param checkedQueries on how many queries per space the approximate index is held against an
 *     exact search
 * @param seed of the choice of those queries, and of what the index is fitted to
 */
public record SearchSettings(
    Mode mode, long exactNumbers, int candidates, int checkedQueries, long seed) {

  /** Which search is used. */
  public enum Mode {
    /** By size. */
    AUTO,
    /** Every query is compared with every training image. */
    EXACT,
    /** An index proposes candidates. */
    APPROXIMATE
  }

  /**
   * The usual limit of an exact search: 67 million numbers, such as 85,000 grey images of 28 x 28
   * or 21,000 of 3 x 32 x 32. It takes 8 bytes of memory for each.
   */
  public static final long EXACT_NUMBERS = 1L << 26;

  private static final int CANDIDATES = 200;
  private static final int CHECKED = 200;

  public SearchSettings {
    Checks.atLeast("search, exactNumbers", exactNumbers, 0);
    Checks.atLeast("search, candidates", candidates, 6);
    Checks.atLeast("search, checkedQueries", checkedQueries, 1);
  }

  /**
   * The usual settings.
   *
   * @param mode which search
   * @param seed of random choices
   * @return the settings
   */
  public static SearchSettings usual(Mode mode, long seed) {
    return new SearchSettings(mode, EXACT_NUMBERS, CANDIDATES, CHECKED, seed);
  }

  /**
   * Whether a space is searched exactly.
   *
   * @param rows training images
   * @param dimension numbers per image
   * @return true for an exact search
   */
  public boolean exact(int rows, int dimension) {
    return switch (mode) {
      case EXACT -> true;
      case APPROXIMATE -> false;
      case AUTO -> (long) rows * dimension <= exactNumbers;
    };
  }
}
