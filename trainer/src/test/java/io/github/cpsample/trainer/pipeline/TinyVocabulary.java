package io.github.cpsample.trainer.pipeline;

import com.google.gson.Gson;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The vocabulary of the tiny pipeline, made as CLIP's is: every byte, every byte at the end of a
 * word, merged pairs, start and end token; enough for any text, with tokens of their own for a few
 * words.
 */
final class TinyVocabulary {
  private static final String WORD_END = "</w>";
  private static final String START = "<|startoftext|>";
  private static final String END = "<|endoftext|>";
  private static final List<String> WORDS =
      List.of(
          "red", "green", "blue", "bright", "dark", "circle", "square", "cat", "dog", "of", "a");

  private final Map<String, Integer> numbers = new LinkedHashMap<>();
  private final Set<String> merges = new LinkedHashSet<>();

  TinyVocabulary() {
    List<String> bytes = bytes();
    bytes.forEach(this::number);
    bytes.forEach(symbol -> number(symbol + WORD_END));
    WORDS.forEach(this::mergeWord);
    number(START);
    number(END);
  }

  int size() {
    return numbers.size();
  }

  /** The content of {@code vocab.json}. */
  String vocabularyJson() {
    return new Gson().toJson(numbers) + "\n";
  }

  /** The content of {@code merges.txt}. */
  String mergesText() {
    return "#version: 0.2\n" + String.join("\n", merges) + "\n";
  }

  /** The content of {@code tokenizer_config.json}. */
  static String configJson() {
    return """
    {
      "tokenizer_class": "CLIPTokenizer",
      "bos_token": "%s",
      "eos_token": "%s",
      "unk_token": "%s",
      "pad_token": "%s",
      "do_lower_case": true,
      "model_max_length": %d
    }
    """
        .formatted(START, END, END, END, TinySizes.TOKENS);
  }

  /** Adds what joins the letters of a word from left to right. */
  private void mergeWord(String word) {
    for (int end = 2; end <= word.length(); end++) {
      String ending = end == word.length() ? WORD_END : "";
      merges.add(word.substring(0, end - 1) + " " + word.charAt(end - 1) + ending);
      number(word.substring(0, end) + ending);
    }
  }

  private void number(String symbol) {
    numbers.putIfAbsent(symbol, numbers.size());
  }

  /**
   * Byte pairs are written with letters: bytes that are no visible sign of Latin-1 as those from
   * U+0100 on, the others as themselves.
   */
  private static List<String> bytes() {
    List<String> symbols = new ArrayList<>();
    int others = 0x100;
    for (int value = 0; value < 0x100; value++) {
      boolean visible = (value > 0x20 && value < 0x7F) || (value > 0xA0 && value != 0xAD);
      symbols.add(Character.toString(visible ? value : others++));
    }
    return symbols;
  }
}
