package io.github.cpsample.tools.cli;

/** The command line is wrong; the message names the option, what was expected and found. */
public final class UsageException extends IllegalArgumentException {

  private static final long serialVersionUID = 1L;

  /**
   * A wrong command line.
   *
   * @param message names the option, what was expected and what was found
   */
  public UsageException(String message) {
    super(message);
  }
}
