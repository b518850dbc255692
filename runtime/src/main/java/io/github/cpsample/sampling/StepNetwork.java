package io.github.cpsample.sampling;

import io.github.cpsample.inference.InferenceException;
import io.github.cpsample.inference.InferenceSession;
import io.github.cpsample.onnx.OnnxCodec;
import io.github.cpsample.onnx.OnnxModel;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * The session of a whole protected step, composed and opened when it is first asked for.
 * Thread-safe.
 */
final class StepNetwork implements AutoCloseable {
  private final String name;
  private final Supplier<OnnxModel> composer;
  private final Function<byte[], InferenceSession> opener;
  private Optional<InferenceSession> session = Optional.empty();
  private String obstacle;
  private boolean closed;

  /**
   * @param composer makes the model
   * @param opener opens it
   */
  StepNetwork(
      String name, Supplier<OnnxModel> composer, Function<byte[], InferenceSession> opener) {
    this.name = name;
    this.composer = composer;
    this.opener = opener;
  }

  /** The session; empty if the networks do not fit into one graph. */
  synchronized Optional<InferenceSession> get() {
    if (closed) {
      throw new IllegalStateException(name + ": expected an open sampler, found a closed one");
    }
    if (obstacle == null) {
      compose();
    }
    return session;
  }

  /** Why there is no session; empty where there is one. */
  synchronized String obstacle() {
    return obstacle;
  }

  @Override
  public synchronized void close() {
    closed = true;
    session.ifPresent(InferenceSession::close);
  }

  private void compose() {
    try {
      session = Optional.of(opener.apply(OnnxCodec.toBytes(composer.get())));
      obstacle = "";
    } catch (IllegalArgumentException | InferenceException e) {
      obstacle = e.getMessage();
    }
  }
}
