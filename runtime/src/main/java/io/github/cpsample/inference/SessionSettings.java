package io.github.cpsample.inference;

import java.util.Objects;

/**
 * How sessions are set up.
 *
 * @param threads threads within an operator on the CPU; 0 lets ONNX Runtime take one per core
 * @param optimization how far graphs are optimised when they are opened
 */
public record SessionSettings(int threads, Optimization optimization) {
  /** How far ONNX Runtime rewrites a graph before it runs. */
  public enum Optimization {
    /** Not at all: for comparisons. */
    NONE,
    /** What keeps the operators of the standard. */
    BASIC,
    /** Everything. */
    ALL
  }

  /**
   * Refuses a negative number of threads.
   *
   * @param threads as the component says
   * @param optimization as the component says
   */
  public SessionSettings {
    Objects.requireNonNull(optimization, "optimization");
    if (threads < 0) {
      throw new IllegalArgumentException("threads: expected 0 or more, found " + threads);
    }
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
