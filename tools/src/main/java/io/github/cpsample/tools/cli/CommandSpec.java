package io.github.cpsample.tools.cli;

import java.util.List;

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
 */
public record CommandSpec(
    String name,
    String summary,
    String operand,
    String details,
    List<Opt<?>> options,
    String example) {

  public CommandSpec {
    options = List.copyOf(options);
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
