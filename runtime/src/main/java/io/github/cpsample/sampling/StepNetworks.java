package io.github.cpsample.sampling;

import io.github.cpsample.composition.StepTable;
import io.github.cpsample.inference.InferenceException;
import io.github.cpsample.inference.InferenceSession;
import io.github.cpsample.onnx.OnnxCodec;
import io.github.cpsample.onnx.OnnxModel;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * Sessions of whole protected steps, one for each layout of factors, composed and opened when they
 * are first asked for. Thread-safe.
 */
final class StepNetworks implements AutoCloseable {
  private final String name;
  private final Function<StepTable.Layout, OnnxModel> composer;
  private final Function<byte[], InferenceSession> opener;
  private final Map<StepTable.Layout, Network> networks = new HashMap<>();
  private boolean closed;

  /** A session, or why there is none. */
  private record Network(Optional<InferenceSession> session, String obstacle) {}

  /**
   * @param composer makes the model
   * @param opener opens it
   */
  StepNetworks(
      String name,
      Function<StepTable.Layout, OnnxModel> composer,
      Function<byte[], InferenceSession> opener) {
    this.name = name;
    this.composer = composer;
    this.opener = opener;
  }

  /** The session; empty if the networks do not fit into one graph. */
  Optional<InferenceSession> get(StepTable.Layout layout) {
    return network(layout).session();
  }

  /** Why there is no session; empty where there is one. */
  String obstacle(StepTable.Layout layout) {
    return network(layout).obstacle();
  }

  @Override
  public synchronized void close() {
    closed = true;
    networks.values().forEach(it -> it.session().ifPresent(InferenceSession::close));
  }

  private synchronized Network network(StepTable.Layout layout) {
    if (closed) {
      throw new IllegalStateException(name + ": expected an open sampler, found a closed one");
    }
    return networks.computeIfAbsent(layout, this::compose);
  }

  private Network compose(StepTable.Layout layout) {
    try {
      byte[] model = OnnxCodec.toBytes(composer.apply(layout));
      return new Network(Optional.of(opener.apply(model)), "");
    } catch (IllegalArgumentException | InferenceException e) {
      return new Network(Optional.empty(), e.getMessage());
    }
  }
}
