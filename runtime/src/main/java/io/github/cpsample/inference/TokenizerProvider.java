package io.github.cpsample.inference;

import java.util.Map;

/** Opens tokenizers; found with {@link java.util.ServiceLoader}. */
public interface TokenizerProvider {
  /**
   * Opens a tokenizer.
   *
   * @param source what to call it in errors
   * @param files content by name: {@code tokenizer.json}, or {@code vocab.json} and {@code
   *     merges.txt}; {@code tokenizer_config.json}
   * @return the tokenizer, which the caller closes
   * @throws IllegalArgumentException if the files are not those of a tokenizer
   */
  Tokenizer open(String source, Map<String, byte[]> files);
}
