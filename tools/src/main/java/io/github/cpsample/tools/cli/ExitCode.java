package io.github.cpsample.tools.cli;

/** How a command can end. */
public enum ExitCode {

  /** The work is done. */
  DONE(0, "done"),

  /** The work failed. */
  FAILED(1, "failed; the last line on the error stream says why"),

  /** The command line is wrong. */
  USAGE(2, "the command line is wrong, and nothing was done"),

  /** The work is done, and what was looked for was found: see {@link OutcomeException}. */
  FOUND(3, "done, and what was looked for was found"),

  /** The work is done, but what it was to show is not shown: see {@link OutcomeException}. */
  NOT_SHOWN(4, "done, and what was to be shown is not shown"),

  /** The user interrupted the work: 128 plus the number of SIGINT, as shells have it. */
  INTERRUPTED(130, "interrupted from the keyboard"),

  /** The process was ended: 128 plus the number of SIGTERM, which the virtual machine answers. */
  TERMINATED(143, "ended by SIGTERM, after what was under way was wound up");

  private final int code;
  private final String meaning;

  ExitCode(int code, String meaning) {
    this.code = code;
    this.meaning = meaning;
  }

  /**
   * The number that the process ends with.
   *
   * @return from 0 to 255
   */
  public int code() {
    return code;
  }

  /**
   * What it means unless a command says it better.
   *
   * @return some words
   */
  public String meaning() {
    return meaning;
  }

  /** Whether only commands that say so end with it. */
  boolean isSpecial() {
    return this == FOUND || this == NOT_SHOWN;
  }
}
