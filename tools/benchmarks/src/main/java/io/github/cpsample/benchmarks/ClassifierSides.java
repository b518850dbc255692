package io.github.cpsample.benchmarks;

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
}
