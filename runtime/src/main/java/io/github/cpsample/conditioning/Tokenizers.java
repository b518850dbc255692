package io.github.cpsample.conditioning;

import java.util.Map;
import java.util.ServiceLoader;

/** Finds the module that tokenizes. */
public final class Tokenizers {
  private Tokenizers() {}

  /**
   * Opens a tokenizer with the first {@link TokenizerProvider} on the class path.
   *
   * @param source what to call it in errors
   * @param files content by name, as {@link TokenizerProvider#open} says
   * @return the tokenizer, which the caller closes
   * @throws IllegalStateException if there is no provider
   * @throws IllegalArgumentException if the files are not those of a tokenizer
   */
  public static Tokenizer open(String source, Map<String, byte[]> files) {
    return ServiceLoader.load(TokenizerProvider.class, Tokenizers.class.getClassLoader())
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalStateException(
                    source
                        + ": expected a tokenizer on the class path, found none; add"
                        + " io.github.cpsample:cpsample-tokenizer"))
        .open(source, files);
  }
}
