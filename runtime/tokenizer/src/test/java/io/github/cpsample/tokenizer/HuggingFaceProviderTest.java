package io.github.cpsample.tokenizer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.cpsample.inference.Tokenizer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Byte pairs merged by hand over a vocabulary of a few symbols. */
class HuggingFaceProviderTest {
  private static final String VOCABULARY =
      """
      {"a": 0, "b": 1, "c": 2, "a</w>": 3, "b</w>": 4, "c</w>": 5, "ab": 6, "ab</w>": 7,
       "abc</w>": 8, "<|startoftext|>": 9, "<|endoftext|>": 10, "1</w>": 11, "!!</w>": 12,
       "!": 13, "!</w>": 14, "\u00c3": 15, "\u00a9</w>": 16}
      """;
  private static final String MERGES = "#version: 0.2\na b\na b</w>\nab c</w>\n! !</w>\n";
  private static final String CONFIG =
      """
      {"bos_token": {"content": "<|startoftext|>"}, "eos_token": "<|endoftext|>",
       "unk_token": {"content": "<|endoftext|>"}, "pad_token": "!", "model_max_length": 8}
      """;
  private static final int START = 9;
  private static final int END = 10;
  private static final int PADDING = 13;

  @ParameterizedTest
  @CsvSource({
    "'',", // nothing but the ends
    "ab,           7", // the last symbol carries the end of the word
    "abc,          8", // "a b" before "ab c</w>"
    "aab,          0 7",
    "abab,         6 7", // inside a word the pair has another name than at its end
    "ba,           1 3",
    "'AB  \t Abc', 7 8", // lower case; white space only separates
    "11,           11 11", // one digit, one word
    "abc!!,        8 13 13", // a padding token is special wherever it is written
    "é,            15 16", // two bytes of UTF-8
    "E\u0301,      15 16", // composed first
  })
  void mergesBytePairsAsByHand(String text, String expected) {
    try (Tokenizer tokenizer = open(files())) {
      assertArrayEquals(padded(expected), tokenizer.encode(text));
      assertEquals(8, tokenizer.length());
    }
  }

  @Test
  void cutsBeforeTheEndToken() {
    try (Tokenizer tokenizer = open(files())) {
      assertArrayEquals(
          new long[] {START, 3, 4, 5, 3, 4, 5, END}, tokenizer.encode("a b c a b c a b c"));
      assertEquals(11, tokenizer.count("a b c a b c a b c"));
      assertEquals(2, tokenizer.count(""));
    }
  }

  @Test
  void padsWithTheEndTokenUnlessToldOtherwise() {
    Map<String, byte[]> files = files();
    files.put("tokenizer_config.json", bytes(CONFIG.replace("\"pad_token\": \"!\",", "")));
    try (Tokenizer tokenizer = open(files)) {
      assertArrayEquals(
          new long[] {START, 8, 12, 7, END, END, END, END}, tokenizer.encode("abc!! ab"));
    }
  }

  @Test
  void readsTheOneFileFormToo() {
    Map<String, byte[]> files = new LinkedHashMap<>();
    files.put("tokenizer_config.json", bytes(CONFIG));
    files.put(
        "tokenizer.json",
        bytes(
            """
            {"version": "1.0", "truncation": {"direction": "Right", "max_length": 3,
              "strategy": "LongestFirst", "stride": 0}, "padding": null, "added_tokens": [],
             "normalizer": null, "pre_tokenizer": {"type": "Whitespace"}, "post_processor": null,
             "decoder": null, "model": {"type": "WordLevel", "unk_token": "!",
               "vocab": {"!": 13, "cat": 1, "dog": 2}}}
            """));
    try (Tokenizer tokenizer = open(files)) {
      assertArrayEquals(
          new long[] {1, 2, 1, 2, 1, PADDING, PADDING, PADDING},
          tokenizer.encode("cat dog cat dog cat"));
    }
  }

  @Test
  void refusesWhatIsNoTokenizer() {
    Map<String, byte[]> files = files();
    files.remove("merges.txt");
    String message = assertThrows(IllegalArgumentException.class, () -> open(files)).getMessage();
    assertTrue(message.contains("merges.txt") && message.contains("test"), message);
    files.put("merges.txt", bytes("x y\n"));
    assertThrows(IllegalArgumentException.class, () -> open(files));
    files.put("merges.txt", bytes(MERGES));
    files.put("tokenizer_config.json", bytes(CONFIG.replace("8", "1e30")));
    message = assertThrows(IllegalArgumentException.class, () -> open(files)).getMessage();
    assertTrue(message.contains("model_max_length"), message);
  }

  private static Tokenizer open(Map<String, byte[]> files) {
    return Tokenizer.open("test", files);
  }

  private static Map<String, byte[]> files() {
    Map<String, byte[]> files = new LinkedHashMap<>();
    files.put("vocab.json", bytes(VOCABULARY));
    files.put("merges.txt", bytes(MERGES));
    files.put("tokenizer_config.json", bytes(CONFIG));
    return files;
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static long[] padded(String expected) {
    List<Long> tokens =
        expected == null
            ? List.of()
            : Arrays.stream(expected.split(" ", -1)).map(Long::valueOf).toList();
    long[] padded = new long[8];
    Arrays.fill(padded, PADDING);
    padded[0] = START;
    for (int i = 0; i < tokens.size(); i++) {
      padded[i + 1] = tokens.get(i);
    }
    padded[tokens.size() + 1] = END;
    return padded;
  }
}
