package io.github.cpsample.base;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Things that are closed together, the last one first, whatever fails while they are. Not
 * thread-safe.
 */
public final class Resources implements AutoCloseable {

  private final Deque<AutoCloseable> open = new ArrayDeque<>();

  /** Nothing so far. */
  public Resources() {}

  /**
   * Adds something.
   *
   * @param resource closed with the others from now on
   * @param <T> what it is
   * @return it
   */
  public <T extends AutoCloseable> T add(T resource) {
    open.push(resource);
    return resource;
  }

  /**
   * Closes all after something failed; what fails now is added to that.
   *
   * @param failure what failed
   */
  public void closeAfter(Throwable failure) {
    while (!open.isEmpty()) {
      try {
        open.pop().close();
      } catch (Exception e) {
        failure.addSuppressed(e);
      }
    }
  }

  /**
   * Closes all; a second call does nothing.
   *
   * @throws RuntimeException the first that fails; the others are suppressed in it
   */
  @Override
  public void close() {
    while (!open.isEmpty()) {
      try {
        open.pop().close();
      } catch (Exception e) {
        RuntimeException first =
            e instanceof RuntimeException known ? known : new IllegalStateException(e);
        closeAfter(first);
        throw first;
      }
    }
  }
}
