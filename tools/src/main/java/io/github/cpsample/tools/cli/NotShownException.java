package io.github.cpsample.tools.cli;

/**
 * Thrown by a command that is to show something, when its work is done and the evidence is not
 * enough: ends the tool with {@link ExitCode#NOT_SHOWN}, so that scripts can tell it from a failure
 * and from a success.
 */
public final class NotShownException extends Exception {

  private static final long serialVersionUID = 1L;

  /**
   * Says what is not shown.
   *
   * @param message one line for the user
   */
  public NotShownException(String message) {
    super(message);
  }
}
