package io.github.cpsample.tools.cli;

import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * How a command appears to its user.
 *
 * @param name one or two lower-case words
 * @param summary one line for the list of commands
 * @param operand what the command takes beside options, for instance {@code FILE}; empty for
 *     nothing. A command with an operand takes exactly one, or any number if it ends in three dots
 * @param details more for the command's own help, possibly empty
 * @param options the options, in the order of the help
 * @param example a whole command line
 * @param outcomes what exit codes mean where this command says more than {@link ExitCode}; only
 *     with those that are here can its work end beside success and failure
 */
public record CommandSpec(
    String name,
    String summary,
    String operand,
    String details,
    List<Opt<?>> options,
    String example,
    Map<ExitCode, String> outcomes) {

  /** Copies options and outcomes. */
  public CommandSpec {
    options = List.copyOf(options);
    Map<ExitCode, String> ordered = new EnumMap<>(ExitCode.class);
    ordered.putAll(outcomes);
    outcomes = Collections.unmodifiableMap(ordered);
  }

  /** A command that ends as every command does. */
  public CommandSpec(
      String name,
      String summary,
      String operand,
      String details,
      List<Opt<?>> options,
      String example) {
    this(name, summary, operand, details, options, example, Map.of());
  }

  /**
   * What it means when the command ends so.
   *
   * @param exitCode a way to end
   * @return what the command says of it, or what it means everywhere
   */
  public String meaning(ExitCode exitCode) {
    return outcomes.getOrDefault(exitCode, exitCode.meaning());
  }

  /**
   * Whether the command takes an operand.
   *
   * @return true if it takes one or more
   */
  public boolean hasOperand() {
    return !operand.isEmpty();
  }

  /**
   * Whether the command takes any number of operands, but at least one.
   *
   * @return false for none or exactly one
   */
  public boolean hasOperands() {
    return operand.endsWith("...");
  }
}
