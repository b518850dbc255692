package io.github.cpsample.benchmarks;

import io.github.cpsample.bundle.Manifest;
import io.github.cpsample.image.ImageShape;
import io.github.cpsample.inference.InferenceSession;
import io.github.cpsample.inference.TensorBuffer;
import io.github.cpsample.onnx.autodiff.ReverseDifferentiator;
import java.util.Map;

/** The shipped classifier and its derived graph on ONNX Runtime. */
final class OnnxClassifier implements ClassifierSides.ClassifierSide {

  private final InferenceSession forward;
  private final InferenceSession gradient;
  private final Map<String, TensorBuffer> inputs;
  private final Map<String, TensorBuffer> seededInputs;
  private final Map<String, TensorBuffer> logitsOnly;
  private final Map<String, TensorBuffer> outputs;
  private final TensorBuffer logits;
  private final TensorBuffer inputGradient;

  OnnxClassifier(ShippedModel model, NoisedBatch batch) {
    Manifest.Classifier spec = model.manifest().classifier();
    ImageShape image = model.manifest().image();
    int rows = batch.rows();
    TensorBuffer x = TensorBuffer.floats(rows, image.channels(), image.height(), image.width());
    x.asFloats().put(batch.images());
    TensorBuffer t = TensorBuffer.floats(rows);
    t.asFloats().put(batch.timesteps());
    TensorBuffer cotangents = TensorBuffer.floats(rows, spec.bits());
    cotangents.asFloats().put(batch.cotangents());
    this.logits = TensorBuffer.floats(rows, spec.bits());
    this.inputGradient = TensorBuffer.floats(rows, image.channels(), image.height(), image.width());
    this.inputs = Map.of(spec.input(), x, spec.timestep(), t);
    String seed = ReverseDifferentiator.seedOf(spec.output());
    this.seededInputs = Map.of(spec.input(), x, spec.timestep(), t, seed, cotangents);
    this.logitsOnly = Map.of(spec.output(), logits);
    this.outputs =
        Map.of(
            spec.output(), logits, ReverseDifferentiator.gradientOf(spec.input()), inputGradient);
    this.forward = TwoCores.open("classifier", model.classifier());
    this.gradient = TwoCores.open("gradient of the classifier", model.gradient());
  }

  @Override
  public void forward() {
    forward.run(inputs, logitsOnly);
  }

  @Override
  public void gradient() {
    gradient.run(seededInputs, outputs);
  }

  @Override
  public float[] logits() {
    forward();
    return copy(logits);
  }

  @Override
  public float[] inputGradient() {
    gradient();
    return copy(inputGradient);
  }

  private static float[] copy(TensorBuffer buffer) {
    float[] values = new float[buffer.asFloats().remaining()];
    buffer.asFloats().get(values);
    return values;
  }

  @Override
  public void close() {
    gradient.close();
    forward.close();
  }
}
