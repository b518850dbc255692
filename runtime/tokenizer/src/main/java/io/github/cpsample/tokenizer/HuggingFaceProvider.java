package io.github.cpsample.tokenizer;

import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import io.github.cpsample.inference.Tokenizer;
import io.github.cpsample.inference.TokenizerProvider;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;

/**
 * Opens tokenizers that are given as {@code tokenizer.json}, or as CLIP's {@code vocab.json} and
 * {@code merges.txt}. Thread-safe.
 */
public final class HuggingFaceProvider implements TokenizerProvider {

  static {
    // Usage tracking is off, and the native library comes from the class path or not at all.
    System.setProperty("OPT_OUT_TRACKING", "true");
    System.setProperty("ai.djl.offline", "true");
  }

  /** For {@link java.util.ServiceLoader}. */
  public HuggingFaceProvider() {}

  @Override
  public Tokenizer open(String source, Map<String, byte[]> files) {
    try {
      TokenizerSettings settings =
          TokenizerSettings.of(
              source + ", tokenizer_config.json", json(source, files, "tokenizer_config.json"));
      JsonObject tokenizer =
          files.containsKey("tokenizer.json")
              ? json(source, files, "tokenizer.json")
              : clip(source, files, settings);
      long padding = Vocabulary.number(source, tokenizer, settings.padding());
      return new HuggingFaceTokens(open(tokenizer), settings.length(), padding);
    } catch (JsonParseException | IllegalStateException | IOException e) {
      throw failure(source, e);
    } catch (RuntimeException e) {
      throw e instanceof IllegalArgumentException refused ? refused : failure(source, e);
    }
  }

  private static IllegalArgumentException failure(String source, Exception e) {
    return new IllegalArgumentException(source + ": expected a tokenizer's files: " + e, e);
  }

  private static HuggingFaceTokenizer open(JsonObject tokenizer) throws IOException {
    byte[] text = tokenizer.toString().getBytes(StandardCharsets.UTF_8);
    return HuggingFaceTokenizer.newInstance(
        new ByteArrayInputStream(text), Map.of("truncation", "false", "padding", "false"));
  }

  private static JsonObject clip(
      String source, Map<String, byte[]> files, TokenizerSettings settings) {
    return new ClipTokenizerJson(source, json(source, files, "vocab.json"), settings)
        .write(text(source, files, "merges.txt").lines().toList(), settings.padding());
  }

  private static JsonObject json(String source, Map<String, byte[]> files, String name) {
    return JsonParser.parseString(text(source, files, name)).getAsJsonObject();
  }

  private static String text(String source, Map<String, byte[]> files, String name) {
    byte[] content = files.get(name);
    if (content == null) {
      throw new IllegalArgumentException(
          source
              + ": expected tokenizer.json, or vocab.json and merges.txt, and"
              + " tokenizer_config.json, found "
              + files.keySet().stream().sorted().toList());
    }
    return new String(content, StandardCharsets.UTF_8);
  }

  /** Numbers of tokens in a {@code tokenizer.json}. */
  private static final class Vocabulary {
    private Vocabulary() {}

    /** The number of a token, added or of the model's vocabulary. */
    static long number(String source, JsonObject tokenizer, String token) {
      if (tokenizer.get("added_tokens") instanceof JsonArray added) {
        for (JsonElement entry : added) {
          if (entry.getAsJsonObject().get("content").getAsString().equals(token)) {
            return entry.getAsJsonObject().get("id").getAsLong();
          }
        }
      }
      JsonElement known = tokenizer.getAsJsonObject("model").get("vocab");
      if (known instanceof JsonObject numbers && numbers.has(token)) {
        return numbers.get(token).getAsLong();
      }
      if (known instanceof JsonArray scored) {
        for (int i = 0; i < scored.size(); i++) {
          if (scored.get(i).getAsJsonArray().get(0).getAsString().equals(token)) {
            return i;
          }
        }
      }
      throw new IllegalArgumentException(
          source + ": expected the token " + token + " in the vocabulary, found none");
    }
  }

  /** A tokenizer that cuts and pads as pipelines do. */
  private static final class HuggingFaceTokens implements Tokenizer {
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
}
