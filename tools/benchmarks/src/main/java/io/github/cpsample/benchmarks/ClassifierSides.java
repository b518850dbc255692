package io.github.cpsample.benchmarks;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;

/** The classifier in both engines, with the same weights and the same batch. */
final class ClassifierSides implements AutoCloseable {

  /** Of the largest number; both engines compute in float32 in their own order. */
  private static final double BOUND = 1e-4;

  private final ClassifierSide onnx;
  private final ClassifierSide torch;

  /** Opens both and refuses to go on unless they agree. */
  ClassifierSides(int rows) {
    ShippedModel model = new ShippedModel();
    NoisedBatch batch = new NoisedBatch(model.manifest(), rows);
    this.onnx = new OnnxClassifier(model, batch);
    this.torch = new TorchClassifier(model, batch);
    Agreement.require(
        "logits of ONNX Runtime and PyTorch, relative to the largest",
        Agreement.relative(onnx.logits(), torch.logits()),
        BOUND);
    Agreement.require(
        "input gradients of ONNX Runtime and PyTorch, relative to the largest",
        Agreement.relative(onnx.inputGradient(), torch.inputGradient()),
        BOUND);
  }

  ClassifierSide onnx() {
    return onnx;
  }

  ClassifierSide torch() {
    return torch;
  }

  @Override
  public void close() {
    onnx.close();
    torch.close();
  }

  /** The classifier in one engine, on a batch that was handed over before. Holds native memory. */
  interface ClassifierSide extends AutoCloseable {

    /** Computes the logits and leaves them in the engine's memory. */
    void forward();

    /** Computes logits and input gradient and leaves them in the engine's memory. */
    void gradient();

    /** The logits [N,K], computed anew and copied. */
    float[] logits();

    /** The input gradient [N,C,H,W], computed anew and copied. */
    float[] inputGradient();

    @Override
    void close();
  }

  /** The shipped classifier in DJL PyTorch, differentiated by autograd. */
  private static final class TorchClassifier implements ClassifierSides.ClassifierSide {

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
}
