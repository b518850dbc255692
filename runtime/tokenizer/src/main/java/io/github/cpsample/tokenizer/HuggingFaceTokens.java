package io.github.cpsample.tokenizer;

import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import io.github.cpsample.denoiser.Tokenizer;
import java.util.Arrays;

/** A tokenizer that cuts and pads as pipelines do. */
final class HuggingFaceTokens implements Tokenizer {
  private final HuggingFaceTokenizer tokenizer;
  private final int length;
  private final long padding;

  HuggingFaceTokens(HuggingFaceTokenizer tokenizer, int length, long padding) {
    this.tokenizer = tokenizer;
    this.length = length;
    this.padding = padding;
  }

  @Override
  public synchronized long[] encode(String text) {
    long[] found = tokenizer.encode(text, true, false).getIds();
    long[] tokens = Arrays.copyOf(found, length);
    if (found.length > length) {
      tokens[length - 1] = found[found.length - 1];
    } else {
      Arrays.fill(tokens, found.length, length, padding);
    }
    return tokens;
  }

  @Override
  public synchronized int count(String text) {
    return tokenizer.encode(text, true, false).getIds().length;
  }

  @Override
  public int length() {
    return length;
  }

  @Override
  public synchronized void close() {
    tokenizer.close();
  }
}
