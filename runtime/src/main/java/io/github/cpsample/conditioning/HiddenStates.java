package io.github.cpsample.conditioning;

/** What a text encoder makes of one text. Immutable; the values are not copied. */
public final class HiddenStates {
  private final int tokens;
  private final float[] values;

  HiddenStates(int tokens, float[] values) {
    this.tokens = tokens;
    this.values = values;
  }

  /**
   * The number of tokens.
   *
   * @return at least 1
   */
  public int tokens() {
    return tokens;
  }

  /**
   * The number of values of a token.
   *
   * @return at least 1
   */
  public int width() {
    return values.length / tokens;
  }

  /** The live array, [tokens, width]. */
  float[] values() {
    return values;
  }
}
