package io.github.cpsample.tools.cli;

import java.time.Duration;

/** One command of a command line tool. Implementations are stateless and thread-safe. */
public interface Command {

  /**
   * What the command is called, what it takes, and how it is described in its help.
   *
   * @return always the same description
   */
  CommandSpec spec();

  /**
   * Reads and validates the options; nothing is done yet.
   *
   * @param arguments the options and operands as given
   * @return what to do
   * @throws IllegalArgumentException if a value is missing or cannot be used; ends the tool with
   *     {@link ExitCode#USAGE}
   */
  Action prepare(Arguments arguments);

  /** The work of a command, its options being known. */
  @FunctionalInterface
  interface Action {

    /**
     * Does the work in the calling thread, which is interrupted when the user interrupts the tool.
     *
     * @param terminal where to print
     * @throws InterruptedException if the work stopped because the thread was interrupted
     * @throws Exception if the work failed; its message is what the user reads
     */
    void run(Terminal terminal) throws Exception;

    /**
     * How long the process waits for the end of the work once its thread is interrupted.
     *
     * @return 20 s unless overridden
     */
    default Duration patience() {
      return Duration.ofSeconds(20);
    }
  }
}
