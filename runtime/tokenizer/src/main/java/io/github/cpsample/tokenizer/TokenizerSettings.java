package io.github.cpsample.tokenizer;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.github.cpsample.base.Checks;
import java.util.Optional;

/**
 * What {@code tokenizer_config.json} says.
 *
 * @param length tokens of every text
 * @param start start token; empty where it is not named
 * @param end end token; empty where it is not named
 * @param unknown token of what is not in the vocabulary; empty where it is not named
 * @param padding padding token
 */
record TokenizerSettings(
    int length,
    Optional<String> start,
    Optional<String> end,
    Optional<String> unknown,
    String padding) {
  private static final int LONGEST = 1 << 16;

  /** Reads the settings; the padding token falls back to the end token. */
  static TokenizerSettings of(String source, JsonObject config) {
    JsonElement length = config.get("model_max_length");
    double value = length == null ? 0 : length.getAsDouble();
    Checks.argument(
        value >= 2 && value <= LONGEST,
        source + ", model_max_length",
        "the number of tokens that the text encoder reads",
        length);
    Optional<String> end = token(config, "eos_token");
    String padding =
        token(config, "pad_token")
            .or(() -> end)
            .orElseThrow(
                () ->
                    new IllegalArgumentException(
                        source + ", pad_token: expected a token, found none"));
    return new TokenizerSettings(
        (int) value, token(config, "bos_token"), end, token(config, "unk_token"), padding);
  }

  /** A token is written as its text, or as an object with its text. */
  private static Optional<String> token(JsonObject config, String field) {
    JsonElement value = config.get(field);
    if (value == null || value.isJsonNull()) {
      return Optional.empty();
    }
    return Optional.of(
        value.isJsonObject()
            ? value.getAsJsonObject().get("content").getAsString()
            : value.getAsString());
  }
}
