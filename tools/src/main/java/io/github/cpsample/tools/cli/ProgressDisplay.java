package io.github.cpsample.tools.cli;

/** Shows how far some work is. Used by one thread at a time. */
public interface ProgressDisplay extends AutoCloseable {

  /**
   * Shows where the work stands.
   *
   * @param done units done
   * @param total units in all, at least {@code done}
   */
  void show(long done, long total);

  /** Ends the display; the line below it is free again. */
  @Override
  void close();
}
