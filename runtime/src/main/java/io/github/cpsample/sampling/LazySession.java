package io.github.cpsample.sampling;

import io.github.cpsample.inference.InferenceSession;
import java.util.function.Supplier;

/** A session that is opened when it is first asked for. Thread-safe. */
final class LazySession implements AutoCloseable {
  private final String name;
  private final Supplier<InferenceSession> opener;
  private InferenceSession session;
  private boolean closed;

  LazySession(String name, Supplier<InferenceSession> opener) {
    this.name = name;
    this.opener = opener;
  }

  synchronized InferenceSession get() {
    if (closed) {
      throw new IllegalStateException(name + ": expected an open sampler, found a closed one");
    }
    if (session == null) {
      session = opener.get();
    }
    return session;
  }

  @Override
  public synchronized void close() {
    closed = true;
    if (session != null) {
      session.close();
    }
  }
}
