package io.github.cpsample.tokenizer;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.github.cpsample.base.Checks;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Writes a CLIP tokenizer that is given as vocabulary and merges in the form of {@code
 * tokenizer.json}: text in lower case, split into letters, single digits and other signs, byte
 * pairs merged within a word whose last symbol ends in {@code </w>} (Radford et al. 2021, arXiv
 * 2103.00020; the form is that of Hugging Face's fast CLIP tokenizer).
 */
final class ClipTokenizerJson {
  private static final String WORDS =
      "'s|'t|'re|'ve|'m|'ll|'d|[\\p{L}]+|[\\p{N}]|[^\\s\\p{L}\\p{N}]+";

  private final String source;
  private final JsonObject vocabulary;
  private final String start;
  private final String end;
  private final String unknown;

  ClipTokenizerJson(String source, JsonObject vocabulary, TokenizerSettings settings) {
    this.source = source;
    this.vocabulary = vocabulary;
    this.start = settings.start().orElse("<|startoftext|>");
    this.end = settings.end().orElse("<|endoftext|>");
    this.unknown = settings.unknown().orElse(end);
  }

  JsonObject write(List<String> mergeLines, String padding) {
    JsonObject tokenizer = new JsonObject();
    tokenizer.addProperty("version", "1.0");
    tokenizer.add("added_tokens", special(padding));
    tokenizer.add(
        "normalizer",
        typed("Sequence", "normalizers", array(typed("NFC"), whitespace(), typed("Lowercase"))));
    tokenizer.add("pre_tokenizer", typed("Sequence", "pretokenizers", array(words(), byteLevel())));
    tokenizer.add("post_processor", ends());
    tokenizer.add("decoder", byteLevel());
    tokenizer.add("model", model(mergeLines));
    return tokenizer;
  }

  private JsonObject model(List<String> mergeLines) {
    JsonArray merges = new JsonArray();
    mergeLines.stream()
        .map(String::strip)
        .filter(line -> !line.isEmpty() && !line.startsWith("#version"))
        .forEach(merges::add);
    JsonObject model = typed("BPE");
    model.addProperty("unk_token", unknown);
    model.addProperty("continuing_subword_prefix", "");
    model.addProperty("end_of_word_suffix", "</w>");
    model.addProperty("fuse_unk", false);
    model.add("vocab", vocabulary);
    model.add("merges", merges);
    return model;
  }

  private JsonArray special(String padding) {
    Set<String> tokens = new LinkedHashSet<>(List.of(start, end, unknown, padding));
    JsonArray added = new JsonArray();
    for (String token : tokens) {
      JsonObject entry = new JsonObject();
      entry.addProperty("id", id(token));
      entry.addProperty("content", token);
      entry.addProperty("single_word", false);
      entry.addProperty("lstrip", false);
      entry.addProperty("rstrip", false);
      entry.addProperty("normalized", false);
      entry.addProperty("special", true);
      added.add(entry);
    }
    return added;
  }

  private JsonObject ends() {
    JsonObject ends = typed("RobertaProcessing");
    ends.add("sep", numbered(end));
    ends.add("cls", numbered(start));
    ends.addProperty("trim_offsets", false);
    ends.addProperty("add_prefix_space", false);
    return ends;
  }

  private JsonArray numbered(String token) {
    JsonArray pair = new JsonArray();
    pair.add(token);
    pair.add(id(token));
    return pair;
  }

  private int id(String token) {
    Checks.argument(vocabulary.has(token), source + ", vocab.json", "the token " + token, "none");
    return vocabulary.get(token).getAsInt();
  }

  private static JsonObject whitespace() {
    JsonObject replace = typed("Replace", "pattern", pattern("\\s+"));
    replace.addProperty("content", " ");
    return replace;
  }

  private static JsonObject words() {
    JsonObject split = typed("Split", "pattern", pattern(WORDS));
    split.addProperty("behavior", "Removed");
    split.addProperty("invert", true);
    return split;
  }

  private static JsonObject byteLevel() {
    JsonObject bytes = typed("ByteLevel");
    bytes.addProperty("add_prefix_space", false);
    bytes.addProperty("trim_offsets", true);
    bytes.addProperty("use_regex", true);
    return bytes;
  }

  private static JsonObject pattern(String regex) {
    JsonObject pattern = new JsonObject();
    pattern.addProperty("Regex", regex);
    return pattern;
  }

  private static JsonObject typed(String type) {
    JsonObject object = new JsonObject();
    object.addProperty("type", type);
    return object;
  }

  private static JsonObject typed(String type, String field, JsonElement value) {
    JsonObject object = typed(type);
    object.add(field, value);
    return object;
  }

  private static JsonArray array(JsonObject... elements) {
    JsonArray array = new JsonArray();
    for (JsonObject element : elements) {
      array.add(element);
    }
    return array;
  }
}
