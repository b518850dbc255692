package io.github.cpsample.base;

import java.util.Map;

/**
 * Checks of arguments, in one form: <i>name: expected this, found that</i>. Thread-safe: it has no
 * state.
 */
public final class Checks {

  private Checks() {}

  /**
   * What a map has for a key.
   *
   * @param map not modified
   * @param key what is looked up
   * @return the value
   * @throws IllegalArgumentException if the map has none
   */
  public static <K, V> V entry(Map<K, V> map, K key) {
    V value = map.get(key);
    if (value == null) {
      throw new IllegalArgumentException("expected one of " + map.keySet() + ", found " + key);
    }
    return value;
  }

  /**
   * What went wrong, in words.
   *
   * @param failure what was thrown
   * @return its message; its class where it has none
   */
  public static String message(Throwable failure) {
    String message = failure.getMessage();
    return message == null ? failure.toString() : message;
  }
}
