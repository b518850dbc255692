package io.github.cpsample.tools.cli;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.apache.commons.cli.CommandLine;

/** The options and the operand that a command was given. Immutable. */
public final class Arguments {

  private final CommandLine line;

  Arguments(CommandLine line) {
    this.line = line;
  }

  /**
   * Whether a flag was given.
   *
   * @param flag the option
   * @return true if it was
   */
  public boolean has(Opt<?> flag) {
    return line.hasOption(flag.name());
  }

  /**
   * A value that must be there.
   *
   * @param option the option
   * @param <T> the type of its value
   * @return the value given, else the option's default
   * @throws UsageException if there is neither, or the value cannot be used
   */
  public <T> T get(Opt<T> option) {
    return find(option)
        .orElseThrow(
            () -> new UsageException("--" + option.name() + ": expected a value, found none"));
  }

  /**
   * A value that may be missing.
   *
   * @param option the option
   * @param <T> the type of its value
   * @return the value given, else the option's default, else empty
   * @throws UsageException if the value cannot be used or the option was given more than once
   */
  public <T> Optional<T> find(Opt<T> option) {
    String[] values = values(option);
    if (values.length > 1) {
      throw new UsageException(
          "--" + option.name() + ": expected it once, found it " + values.length + " times");
    }
    return values.length == 0 ? option.fallback() : Optional.of(option.parse(values[0]));
  }

  /**
   * All values of an option that may be given several times.
   *
   * @param option the option
   * @param <T> the type of its values
   * @return the values in the order given, possibly none
   * @throws UsageException if a value cannot be used
   */
  public <T> List<T> all(Opt<T> option) {
    return Arrays.stream(values(option)).map(option::parse).toList();
  }

  /**
   * The operand of a command that takes one.
   *
   * @return what was given beside the options
   */
  public String operand() {
    return line.getArgList().get(0);
  }

  /**
   * The operands of a command that takes any number.
   *
   * @return what was given beside the options, at least one
   */
  public List<String> operands() {
    return List.copyOf(line.getArgList());
  }

  private String[] values(Opt<?> option) {
    String[] values = line.getOptionValues(option.name());
    return values == null ? new String[0] : values;
  }
}
