package io.github.cpsample.tools.cli;

/**
 * Thrown by a command that looks for something, when its work is done and it found it: ends the
 * tool with {@link ExitCode#FOUND}, so that scripts can tell it from a failure.
 */
public final class FoundException extends Exception {

  private static final long serialVersionUID = 1L;

  /**
   * Says what was found.
   *
   * @param message one line for the user
   */
  public FoundException(String message) {
    super(message);
  }
}
