package io.github.cpsample.benchmarks;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.GradientCollector;
import io.github.cpsample.trainer.network.DjlOps;
import io.github.cpsample.trainer.network.Network;
import io.github.cpsample.trainer.training.Weights;
import java.util.Map;

/**
 * A network with frozen weights in DJL PyTorch, eager, with autograd for its input. Holds native
 * memory; close it. Not thread-safe.
 */
final class TorchNetwork implements AutoCloseable {

  private final Network network;
  private final NDManager manager;
  private final Map<String, NDArray> parameters;

  TorchNetwork(Network network, float[] weights) {
    this.network = network;
    this.manager = TorchEngine.newManager();
    this.parameters = Weights.of(network).views(manager.create(weights));
  }

  /** Where the arrays of a step live; close it. */
  NDManager scope() {
    return manager.newSubManager();
  }

  NDArray images(NDManager scope, float[] values, int rows) {
    int[] image = network.imageShape();
    return scope.create(values, new Shape(rows, image[0], image[1], image[2]));
  }

  /** The network's output, which belongs to the scope; what it is made of is freed. */
  NDArray apply(NDManager scope, NDArray x, NDArray t) {
    try (NDManager pass = scope.newSubManager()) {
      parameters.values().forEach(p -> p.tempAttach(pass));
      x.tempAttach(pass);
      t.tempAttach(pass);
      NDArray result =
          network.apply(new DjlOps(pass, parameters), new Network.Inputs<>(x, t, null));
      result.attach(scope);
      return result;
    }
  }

  /**
   * The vector-Jacobian product: the gradient of the output's product with a cotangent.
   *
   * @param x requires a gradient from here on
   * @return of the shape of x; belongs to the scope
   */
  NDArray gradient(NDManager scope, NDArray x, NDArray t, NDArray cotangent) {
    x.setRequiresGradient(true);
    try (GradientCollector collector = scope.getEngine().newGradientCollector()) {
      collector.backward(apply(scope, x, t).mul(cotangent).sum());
    }
    return x.getGradient();
  }

  @Override
  public void close() {
    manager.close();
  }

  /** DJL's PyTorch engine on as many threads as ONNX Runtime gets; it calls nobody. */
  static final class TorchEngine {

    static {
      System.setProperty("OPT_OUT_TRACKING", "true");
      System.setProperty("ai.djl.offline", "true");
      System.setProperty("ai.djl.pytorch.num_threads", Integer.toString(TwoCores.THREADS));
      System.setProperty("ai.djl.pytorch.num_interop_threads", "1");
    }

    private TorchEngine() {}

    static NDManager newManager() {
      return Engine.getEngine("PyTorch").newBaseManager();
    }
  }
}
