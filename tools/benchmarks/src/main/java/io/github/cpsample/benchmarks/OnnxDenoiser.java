package io.github.cpsample.benchmarks;

import io.github.cpsample.bundle.DenoiserSpec;
import io.github.cpsample.image.ImageShape;
import io.github.cpsample.inference.InferenceSession;
import io.github.cpsample.inference.TensorBuffer;
import java.util.Map;

/** The shipped denoiser on ONNX Runtime, on a fixed batch. Holds native memory; close it. */
final class OnnxDenoiser implements AutoCloseable {

  private final InferenceSession session;
  private final Map<String, TensorBuffer> inputs;
  private final Map<String, TensorBuffer> outputs;
  private final TensorBuffer prediction;

  OnnxDenoiser(ShippedModel model, NoisedBatch batch) {
    DenoiserSpec spec = model.manifest().denoiser();
    ImageShape image = model.manifest().image();
    int rows = batch.rows();
    TensorBuffer x = TensorBuffer.floats(rows, image.channels(), image.height(), image.width());
    TensorBuffer t = TensorBuffer.floats(rows);
    x.asFloats().put(batch.images());
    t.asFloats().put(batch.timesteps());
    this.prediction = TensorBuffer.floats(rows, image.channels(), image.height(), image.width());
    this.inputs = Map.of(spec.input(), x, spec.timestep(), t);
    this.outputs = Map.of(spec.output(), prediction);
    this.session = TwoCores.open("denoiser", model.denoiser());
  }

  void run() {
    session.run(inputs, outputs);
  }

  /** The prediction [N,C,H,W], computed anew and copied. */
  float[] prediction() {
    run();
    float[] values = new float[prediction.asFloats().remaining()];
    prediction.asFloats().get(values);
    return values;
  }

  @Override
  public void close() {
    session.close();
  }
}
