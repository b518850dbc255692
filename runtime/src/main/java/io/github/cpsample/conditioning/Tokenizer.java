package io.github.cpsample.conditioning;

/** Turns text into the token numbers that a text encoder reads. Thread-safe. */
public interface Tokenizer extends AutoCloseable {
  /**
   * Tokenizes a text: start token, the text's tokens, end token, padding. What is too long is cut
   * before the end token.
   *
   * @param text any text, possibly empty
   * @return exactly {@link #length} numbers
   */
  long[] encode(String text);

  /**
   * Counts the tokens of a text before anything is cut.
   *
   * @param text any text, possibly empty
   * @return start token, the text's tokens and end token; more than {@link #length} if the end of
   *     the text is not read
   */
  int count(String text);

  /**
   * The number of tokens of every text.
   *
   * @return at least 2; 77 for CLIP
   */
  int length();

  /** Frees native memory. Closing twice does nothing. */
  @Override
  void close();
}
