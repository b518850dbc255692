package io.github.cpsample.benchmarks;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;

/** The shipped classifier in DJL PyTorch, differentiated by autograd. */
final class TorchClassifier implements ClassifierSide {

  private final TorchNetwork network;
  private final NDManager inputs;
  private final NDArray images;
  private final NDArray timesteps;
  private final NDArray cotangents;

  TorchClassifier(ShippedModel model, NoisedBatch batch) {
    var definition = model.classifierNetwork();
    this.network = new TorchNetwork(definition, model.classifierWeights().flat(definition));
    this.inputs = network.scope();
    this.images = network.images(inputs, batch.images(), batch.rows());
    this.timesteps = inputs.create(batch.timesteps());
    this.cotangents =
        inputs.create(
            batch.cotangents(), new Shape(batch.rows(), model.manifest().classifier().bits()));
  }

  @Override
  public void forward() {
    try (NDManager scope = network.scope()) {
      network.apply(scope, images, timesteps);
    }
  }

  @Override
  public void gradient() {
    try (NDManager scope = network.scope()) {
      differentiate(scope);
    }
  }

  @Override
  public float[] logits() {
    try (NDManager scope = network.scope()) {
      return network.apply(scope, images, timesteps).toFloatArray();
    }
  }

  @Override
  public float[] inputGradient() {
    try (NDManager scope = network.scope()) {
      return differentiate(scope).toFloatArray();
    }
  }

  /** A leaf of its own per pass, in the same memory: gradients of one leaf add up. */
  private NDArray differentiate(NDManager scope) {
    NDArray leaf = images.stopGradient();
    leaf.attach(scope);
    return network.gradient(scope, leaf, timesteps, cotangents);
  }

  @Override
  public void close() {
    network.close();
  }
}
