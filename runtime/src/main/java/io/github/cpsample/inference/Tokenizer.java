package io.github.cpsample.inference;

import java.util.Map;
import java.util.ServiceLoader;

/** Turns text into the token numbers that a text encoder reads. Thread-safe. */
public interface Tokenizer extends AutoCloseable {
  /**
   * Opens a tokenizer with the first {@link TokenizerProvider} on the class path.
   *
   * @param source what to call it in errors
   * @param files content by name, as {@link TokenizerProvider#open} says
   * @return the tokenizer, which the caller closes
   * @throws IllegalStateException if there is no provider
   * @throws IllegalArgumentException if the files are not those of a tokenizer
   */
  static Tokenizer open(String source, Map<String, byte[]> files) {
    return ServiceLoader.load(TokenizerProvider.class, Tokenizer.class.getClassLoader())
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalStateException(
                    source
                        + ": expected a tokenizer on the class path, found none; add"
                        + " io.github.cpsample:cpsample-tokenizer"))
        .open(source, files);
  }

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
