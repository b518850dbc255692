package io.github.cpsample.tools.cli;

/**
 * Thrown by a command whose work is done, where scripts shall tell its outcome from a plain success
 * and from a failure: it found what it looked for, or what it was to show is not shown.
 */
public final class OutcomeException extends Exception {

  private static final long serialVersionUID = 1L;

  private final ExitCode exitCode;

  /**
   * Says what came of the work.
   *
   * @param exitCode how the tool ends; one that the command's {@link CommandSpec#outcomes()} has
   * @param message one line for the user
   */
  public OutcomeException(ExitCode exitCode, String message) {
    super(message);
    this.exitCode = exitCode;
  }

  ExitCode exitCode() {
    return exitCode;
  }
}
