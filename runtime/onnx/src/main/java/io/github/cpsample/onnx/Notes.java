package io.github.cpsample.onnx;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What is written at a part of a model for people and tools; nothing is computed from it.
 *
 * @param doc text for people, possibly empty
 * @param metadata free key-value pairs
 */
public record Notes(String doc, Map<String, String> metadata) {

  /** Nothing written. */
  public static final Notes NONE = new Notes("", Map.of());

  public Notes {
    metadata = Collections.unmodifiableMap(new LinkedHashMap<>(metadata));
  }

  /**
   * The same notes with one more key-value pair.
   *
   * @param key the key
   * @param value the value
   * @return a changed copy
   */
  public Notes with(String key, String value) {
    Map<String, String> more = new LinkedHashMap<>(metadata);
    more.put(key, value);
    return new Notes(doc, more);
  }
}
