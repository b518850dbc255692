package io.github.cpsample.inference;

import io.github.cpsample.base.Checks;
import java.util.Objects;

/**
 * How sessions are set up.
 *
 * @param threads on the CPU, within an operator or, in a sampler, for rows beside each other; 0:
 *     one per core
 * @param optimization how far graphs are optimised when they are opened
 * @param quiet whether ONNX Runtime prints nothing of its own about the session; failures are
 *     exceptions in either case
 */
public record SessionSettings(int threads, Optimization optimization, boolean quiet) {
  /** How far ONNX Runtime rewrites a graph before it runs. */
  public enum Optimization {
    /** Not at all: for comparisons. */
    NONE,
    /** What keeps the operators of the standard. */
    BASIC,
    /** Everything. */
    ALL
  }

  public SessionSettings {
    Objects.requireNonNull(optimization, "optimization");
    Checks.argument(threads >= 0, "threads", "0 or more", threads);
  }

  /**
   * Settings of a session about which ONNX Runtime may print.
   *
   * @param threads as the component says
   * @param optimization as the component says
   */
  public SessionSettings(int threads, Optimization optimization) {
    this(threads, optimization, false);
  }

  /**
   * The same with another number of threads.
   *
   * @param newThreads as the component says
   * @return changed settings
   */
  public SessionSettings withThreads(int newThreads) {
    return new SessionSettings(newThreads, optimization, quiet);
  }

  /**
   * The same for trials, whose failures are answers and not news.
   *
   * @return changed settings
   */
  public SessionSettings quietly() {
    return new SessionSettings(threads, optimization, true);
  }

  /**
   * One thread per core, every optimisation.
   *
   * @return the settings
   */
  public static SessionSettings defaults() {
    return new SessionSettings(0, Optimization.ALL);
  }
}
