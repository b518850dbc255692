package io.github.cpsample.tools.cli;

import java.io.PrintStream;
import java.util.Objects;

/**
 * Where a command prints.
 *
 * @param out results, for people and pipes
 * @param err messages and progress
 * @param interactive whether {@code err} is a terminal on which a bar can be drawn
 */
public record Terminal(PrintStream out, PrintStream err, boolean interactive) {

  /** Set to true or false by the launcher, which knows; overrides the guess. */
  static final String PROPERTY = "cpsample.terminal";

  public Terminal {
    Objects.requireNonNull(out, "out");
    Objects.requireNonNull(err, "err");
  }

  /**
   * The streams of this process.
   *
   * @return a bar is drawn if the launcher says that the error stream is a terminal
   */
  public static Terminal system() {
    return new Terminal(System.out, System.err, Boolean.getBoolean(PROPERTY));
  }

  /**
   * Shows how far some work is.
   *
   * @param what the work, in a word or two
   * @param unit what is counted, in the plural
   * @return a display that the caller closes: a bar on a terminal, else a line now and then
   */
  public ProgressDisplay progress(String what, String unit) {
    return interactive ? new BarDisplay(err, what, unit) : new LineDisplay(err, what, unit);
  }
}
