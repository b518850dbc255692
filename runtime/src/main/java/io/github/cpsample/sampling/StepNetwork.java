package io.github.cpsample.sampling;

import io.github.cpsample.bundle.Manifest;
import io.github.cpsample.composition.ProtectedStep;
import io.github.cpsample.inference.InferenceException;
import io.github.cpsample.inference.InferenceSession;
import io.github.cpsample.onnx.OnnxCodec;
import java.util.Optional;
import java.util.function.Function;

/**
 * The session of a whole protected step, composed and opened when it is first asked for.
 * Thread-safe.
 */
final class StepNetwork implements AutoCloseable {
  private final Manifest manifest;
  private final byte[] denoiser;
  private final byte[] classifier;
  private final Function<byte[], InferenceSession> opener;
  private Optional<InferenceSession> session = Optional.empty();
  private String obstacle;
  private boolean closed;

  /**
   * @param opener opens a composed model
   */
  StepNetwork(
      Manifest manifest,
      byte[] denoiser,
      byte[] classifier,
      Function<byte[], InferenceSession> opener) {
    this.manifest = manifest;
    this.denoiser = denoiser;
    this.classifier = classifier;
    this.opener = opener;
  }

  /** The session; empty if the networks do not fit into one graph. */
  synchronized Optional<InferenceSession> get() {
    if (closed) {
      throw new IllegalStateException(
          "protected step of "
              + manifest.name()
              + ": expected an open sampler, found a closed one");
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
      session =
          Optional.of(
              opener.apply(
                  OnnxCodec.toBytes(
                      ProtectedStep.compose(
                          manifest, OnnxCodec.read(denoiser), OnnxCodec.read(classifier)))));
      obstacle = "";
    } catch (IllegalArgumentException | InferenceException e) {
      obstacle = e.getMessage();
    }
  }
}
