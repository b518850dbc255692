package io.github.cpsample.tools.cli;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import org.apache.commons.cli.Option;

/**
 * One option of a command: its name, how its text becomes a value, and what holds without it.
 * Immutable.
 *
 * @param <T> the type of its value
 */
public final class Opt<T> {

  private static final int LONGEST_ARGUMENT = 60;

  private final String name;
  private final String argument;
  private final String description;
  private final Function<String, T> parser;
  private final Optional<T> fallback;
  private final Presence presence;

  /** How often an option is expected. */
  private enum Presence {
    OPTIONAL(""),
    REQUIRED(" (required)"),
    REPEATABLE(" (may be given several times)");

    private final String note;

    Presence(String note) {
      this.note = note;
    }
  }

  private Opt(
      String name,
      String argument,
      String description,
      Function<String, T> parser,
      Optional<T> fallback,
      Presence presence) {
    this.name = name;
    this.argument = argument;
    this.description = description;
    this.parser = parser;
    this.fallback = fallback;
    this.presence = presence;
  }

  /**
   * An option of any kind.
   *
   * @param name its long name, without dashes
   * @param argument what the help calls its value
   * @param description one sentence for the help
   * @param parser makes the value; its IllegalArgumentException says what was expected and found
   * @param <T> the type of the value
   * @return the option
   */
  public static <T> Opt<T> of(
      String name, String argument, String description, Function<String, T> parser) {
    return new Opt<>(name, argument, description, parser, Optional.empty(), Presence.OPTIONAL);
  }

  /**
   * An option without a value.
   *
   * @param name its long name, without dashes
   * @param description one sentence for the help
   * @return the option; ask for it with {@link Arguments#has}
   */
  public static Opt<Boolean> flag(String name, String description) {
    return of(name, "", description, Boolean::valueOf);
  }

  /**
   * Any text.
   *
   * @param name its long name, without dashes
   * @param argument what the help calls its value
   * @param description one sentence for the help
   * @return the option
   */
  public static Opt<String> text(String name, String argument, String description) {
    return of(name, argument, description, Function.identity());
  }

  /**
   * A path of the file system.
   *
   * @param name its long name, without dashes
   * @param argument what the help calls its value
   * @param description one sentence for the help
   * @return the option
   */
  public static Opt<Path> path(String name, String argument, String description) {
    return of(name, argument, description, Opt::parsePath);
  }

  private static Path parsePath(String text) {
    if (text.isBlank()) {
      throw new UsageException("expected a path, found nothing");
    }
    try {
      return Path.of(text);
    } catch (InvalidPathException e) {
      throw new UsageException("expected a path, found '" + text + "': " + e.getReason());
    }
  }

  /**
   * A whole number.
   *
   * @param name its long name, without dashes
   * @param description one sentence for the help
   * @param least the least value allowed
   * @return the option
   */
  public static Opt<Integer> integer(String name, String description, int least) {
    return integer(name, "N", description, least);
  }

  /**
   * A whole number.
   *
   * @param name its long name, without dashes
   * @param argument what the help calls its value
   * @param description one sentence for the help
   * @param least the smallest that is allowed
   * @return the option
   */
  public static Opt<Integer> integer(String name, String argument, String description, int least) {
    return number(
        name,
        argument,
        description,
        Integer::valueOf,
        n -> n >= least,
        "a whole number >= " + least);
  }

  /**
   * A whole number of 64 bits.
   *
   * @param name its long name, without dashes
   * @param argument what the help calls its value
   * @param description one sentence for the help
   * @return the option
   */
  public static Opt<Long> wide(String name, String argument, String description) {
    return number(
        name, argument, description, Long::valueOf, n -> true, "a whole number of 64 bits");
  }

  /**
   * A finite decimal number.
   *
   * @param name its long name, without dashes
   * @param argument what the help calls its value
   * @param description one sentence for the help
   * @param allowed which values are
   * @param expected the allowed values in words
   * @return the option
   */
  public static Opt<Double> decimal(
      String name,
      String argument,
      String description,
      Predicate<Double> allowed,
      String expected) {
    return number(
        name,
        argument,
        description,
        Double::valueOf,
        n -> Double.isFinite(n) && allowed.test(n),
        expected);
  }

  private static <N> Opt<N> number(
      String name,
      String argument,
      String description,
      Function<String, N> parser,
      Predicate<N> allowed,
      String expected) {
    return of(
        name,
        argument,
        description,
        text -> {
          N value = null;
          try {
            value = parser.apply(text.strip());
          } catch (NumberFormatException e) {
            // reported below, together with numbers out of range
          }
          if (value == null || !allowed.test(value)) {
            throw new UsageException("expected " + expected + ", found '" + text + "'");
          }
          return value;
        });
  }

  /**
   * One of several words. The help shows them as the option's argument, or in the description where
   * they are many.
   *
   * @param name its long name, without dashes
   * @param description one sentence for the help
   * @param choices the words
   * @return the option
   */
  public static Opt<String> choice(String name, String description, List<String> choices) {
    String words = String.join("|", choices);
    boolean few = words.length() <= LONGEST_ARGUMENT;
    return of(
        name,
        few ? words : name.toUpperCase(Locale.ROOT),
        few ? description : "one of " + String.join(", ", choices) + "; " + description,
        text -> {
          if (!choices.contains(text)) {
            throw new UsageException("expected " + words + ", found '" + text + "'");
          }
          return text;
        });
  }

  /**
   * Sets what holds without the option, shown in the help.
   *
   * @param value the default
   * @return a changed copy
   */
  public Opt<T> or(T value) {
    Objects.requireNonNull(value, "value");
    return new Opt<>(name, argument, description, parser, Optional.of(value), presence);
  }

  /**
   * Adds to the description.
   *
   * @param note what to add, with its punctuation
   * @return a changed copy
   */
  public Opt<T> noted(String note) {
    return new Opt<>(name, argument, description + note, parser, fallback, presence);
  }

  /**
   * Allows the option several times.
   *
   * @return a changed copy; ask for it with {@link Arguments#all}
   */
  public Opt<T> repeated() {
    return new Opt<>(name, argument, description, parser, fallback, Presence.REPEATABLE);
  }

  /**
   * Says in the help that the option must be given.
   *
   * @return a changed copy
   */
  public Opt<T> required() {
    return new Opt<>(name, argument, description, parser, fallback, Presence.REQUIRED);
  }

  /**
   * Its long name.
   *
   * @return the name, without dashes
   */
  public String name() {
    return name;
  }

  Optional<T> fallback() {
    return fallback;
  }

  boolean isFlag() {
    return argument.isEmpty();
  }

  T parse(String text) {
    try {
      return parser.apply(text);
    } catch (IllegalArgumentException e) {
      UsageException wrong = new UsageException("--" + name + ": " + e.getMessage());
      wrong.initCause(e);
      throw wrong;
    }
  }

  /** The option as Commons CLI knows it. */
  Option toCommonsCli() {
    Option.Builder builder = Option.builder().longOpt(name).desc(describe());
    if (!isFlag()) {
      builder.hasArg().argName(argument);
    }
    return builder.get();
  }

  private String describe() {
    return description
        + presence.note
        + fallback.map(value -> " (default: " + value + ")").orElse("");
  }
}
