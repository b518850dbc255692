package io.github.cpsample.sampling;

import io.github.cpsample.bundle.ModelBundle;
import io.github.cpsample.inference.InferenceSession;
import io.github.cpsample.inference.ResolvedDevice;
import io.github.cpsample.inference.SessionSettings;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A session that is opened when it is first asked for. Thread-safe. */
final class LazySession implements AutoCloseable {
  private final String name;
  private final Supplier<InferenceSession> opener;
  private @Nullable InferenceSession session;
  private boolean closed;

  LazySession(String name, Supplier<InferenceSession> opener) {
    this.name = name;
    this.opener = opener;
  }

  /**
   * A network of a bundle: from its file where it has one, since it may be larger than memory;
   * otherwise its content is copied now, since the bundle may be closed before it is opened.
   */
  static LazySession of(
      String name,
      ModelBundle bundle,
      String file,
      ResolvedDevice device,
      SessionSettings settings) {
    Optional<Path> path = bundle.path(file);
    if (path.isPresent()) {
      return new LazySession(name, () -> InferenceSession.open(name, path.get(), device, settings));
    }
    return of(name, bundle.file(file), device, settings);
  }

  /** A network in memory, which is not modified. */
  static LazySession of(
      String name, byte[] model, ResolvedDevice device, SessionSettings settings) {
    return new LazySession(name, () -> InferenceSession.open(name, model, device, settings));
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
