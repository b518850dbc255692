package io.github.cpsample.tokenizer;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;

/** Numbers of tokens in a {@code tokenizer.json}. */
final class Vocabulary {
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
