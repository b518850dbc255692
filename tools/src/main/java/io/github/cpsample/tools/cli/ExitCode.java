package io.github.cpsample.tools.cli;

/** The exit codes of the tool. */
public final class ExitCode {

  /** The work is done. */
  public static final int DONE = 0;

  /** The work failed. */
  public static final int FAILED = 1;

  /** The command line is wrong; nothing was done. */
  public static final int USAGE = 2;

  /** The work is done, and what was looked for was found: see {@link FoundException}. */
  public static final int FOUND = 3;

  /** The work is done, but what it was to show is not shown: see {@link NotShownException}. */
  public static final int NOT_SHOWN = 4;

  /** The user interrupted the work: 128 plus the number of SIGINT, as shells have it. */
  public static final int INTERRUPTED = 130;

  private ExitCode() {}
}
