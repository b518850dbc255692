package io.github.cpsample.denoiser;

import io.github.cpsample.bundle.DenoiserSpec;
import io.github.cpsample.diffusion.SamplerState;
import io.github.cpsample.image.ImageShape;
import io.github.cpsample.inference.InferenceSession;
import io.github.cpsample.inference.TensorBuffer;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalInt;

/** The denoiser of a bundle. Owns its buffers. */
public final class OnnxDenoiser implements Denoiser {
  private final InferenceSession session;
  private final DenoiserSpec spec;
  private final int size;
  private final TensorBuffer x;
  private final TensorBuffer timesteps;
  private final TensorBuffer labels;
  private final TensorBuffer prediction;

  /**
   * Makes the buffers.
   *
   * @param session the network; not closed by this
   * @param spec its tensors
   * @param shape of an image
   * @param label the class of all images; empty for an unconditional denoiser
   * @param rows the largest batch
   */
  public OnnxDenoiser(
      InferenceSession session, DenoiserSpec spec, ImageShape shape, OptionalInt label, int rows) {
    this.session = session;
    this.spec = spec;
    this.size = shape.size();
    this.x = TensorBuffer.floats(rows, shape.channels(), shape.height(), shape.width());
    this.prediction = TensorBuffer.floats(rows, shape.channels(), shape.height(), shape.width());
    this.timesteps = TensorBuffer.floats(rows);
    this.labels = TensorBuffer.longs(rows);
    for (int i = 0; i < rows; i++) {
      labels.asLongs().put(i, label.orElse(0));
    }
  }

  @Override
  public void predict(SamplerState state, int rows, double timestep) {
    x.asFloats().put(state.x(), 0, rows * size);
    for (int row = 0; row < rows; row++) {
      timesteps.asFloats().put(row, (float) timestep);
    }
    Map<String, TensorBuffer> inputs = new HashMap<>();
    inputs.put(spec.input(), x.rows(rows));
    inputs.put(spec.timestep(), timesteps.rows(rows));
    if (spec.classes() > 0) {
      inputs.put(DenoiserSpec.LABEL_INPUT, labels.rows(rows));
    }
    TensorBuffer out = prediction.rows(rows);
    session.run(inputs, Map.of(spec.output(), out));
    out.asFloats().get(state.prediction(), 0, rows * size);
  }
}
