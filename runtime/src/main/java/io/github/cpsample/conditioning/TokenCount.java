package io.github.cpsample.conditioning;

/**
 * The tokens of a text, start and end token included.
 *
 * @param found how many the text has
 * @param room how many the text encoder reads; the end of a longer text is cut
 */
public record TokenCount(int found, int room) {
  /**
   * Refuses counts without room for start and end.
   *
   * @param found as the component says
   * @param room as the component says
   */
  public TokenCount {
    if (found < 0 || room < 2) {
      throw new IllegalArgumentException(
          "tokens: expected at least 0 and room for 2, found " + found + " and " + room);
    }
  }

  /**
   * Whether the end of the text is not read.
   *
   * @return true if it is too long
   */
  public boolean isCut() {
    return found > room;
  }
}
