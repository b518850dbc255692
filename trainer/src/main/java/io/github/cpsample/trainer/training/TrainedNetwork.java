package io.github.cpsample.trainer.training;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.github.cpsample.trainer.network.DjlOps;
import io.github.cpsample.trainer.network.Network;
import java.util.Map;

/**
 * A network together with weights, evaluated by DJL.
 *
 * <p>Holds native memory; close it. Not thread-safe.
 */
public final class TrainedNetwork implements AutoCloseable {

  private final Network network;
  private final NDManager manager;
  private final Map<String, NDArray> parameters;

  /**
   * A network with its weights.
   *
   * @param network the network
   * @param weights its parameters, flat, not modified
   */
  public TrainedNetwork(Network network, float[] weights) {
    this.network = network;
    this.manager = TorchEngine.newManager();
    this.parameters = Weights.of(network).views(manager.create(weights));
  }

  /**
   * Evaluates a batch.
   *
   * @param x noised images [N,C,H,W], row-major
   * @param t timesteps [N]
   * @param labels class labels [N]; ignored by a network without classes
   * @return the network's output, row-major
   */
  public float[] evaluate(float[] x, float[] t, int[] labels) {
    int[] image = network.imageShape();
    try (NDManager local = manager.newSubManager()) {
      parameters.values().forEach(p -> p.tempAttach(local));
      NDArray images = local.create(x, new Shape(t.length, image[0], image[1], image[2]));
      NDArray label = network.classes() > 0 ? local.create(labels) : null;
      return network
          .apply(
              new DjlOps(local, parameters), new Network.Inputs<>(images, local.create(t), label))
          .toFloatArray();
    }
  }

  @Override
  public void close() {
    manager.close();
  }
}
