package io.github.cpsample.base;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * Checks of arguments and look-ups, which fail in one form: <i>name: expected this, found that</i>.
 * Thread-safe: it has no state.
 */
public final class Checks {

  private Checks() {}

  /**
   * Requires something of an argument.
   *
   * @param holds whether it does; false where a number is NaN
   * @param name of the argument
   * @param expected what is required, in words
   * @param found the argument, or what is wrong with it
   * @throws IllegalArgumentException if it does not hold
   */
  public static void argument(boolean holds, Object name, Object expected, Object found) {
    if (!holds) {
      throw new IllegalArgumentException(name + ": expected " + expected + ", found " + found);
    }
  }

  /**
   * Requires a number of at least another.
   *
   * @param name of the argument
   * @param value the argument
   * @param least the smallest that is allowed
   * @return the value
   * @throws IllegalArgumentException if it is smaller
   */
  public static int atLeast(String name, int value, int least) {
    atLeast(name, (long) value, least);
    return value;
  }

  /**
   * Requires a number of at least another.
   *
   * @param name of the argument
   * @param value the argument
   * @param least the smallest that is allowed
   * @return the value
   * @throws IllegalArgumentException if it is smaller
   */
  public static long atLeast(String name, long value, long least) {
    argument(value >= least, name, "at least " + least, value);
    return value;
  }

  /**
   * Finds one of several things by its name.
   *
   * @param what names the choice in messages
   * @param known all there are
   * @param label how each is called
   * @param name how the wanted one is called
   * @param <T> what they are
   * @return the one of that name
   * @throws IllegalArgumentException if there is none
   */
  public static <T> T named(String what, T[] known, Function<T, String> label, String name) {
    for (T one : known) {
      if (label.apply(one).equals(name)) {
        return one;
      }
    }
    List<String> labels = Arrays.stream(known).map(label).toList();
    int last = labels.size() - 1;
    String choice = String.join(", ", labels.subList(0, last)) + " or " + labels.get(last);
    throw new IllegalArgumentException(what + ": expected " + choice + ", found '" + name + "'");
  }

  /**
   * What a map has for a key.
   *
   * @param map not modified
   * @param key what is looked up
   * @param <K> what is looked up by
   * @param <V> what is found
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
