package io.github.cpsample.denoiser;

import io.github.cpsample.bundle.DenoiserSignature;
import io.github.cpsample.bundle.DenoiserSpec;
import io.github.cpsample.bundle.TensorPort;
import io.github.cpsample.diffusion.SamplerState;
import io.github.cpsample.image.ImageShape;
import io.github.cpsample.inference.InferenceSession;
import io.github.cpsample.inference.TensorBuffer;
import io.github.cpsample.inference.TensorType;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A denoiser of any signature. Images, timesteps and predictions are converted to and from its
 * types; one that takes a fixed number of images runs as often as needed, the last time with the
 * rows of the batch before it as filling. Owns its buffers; belongs to one thread.
 */
public final class OnnxDenoiser implements Denoiser {
  private final InferenceSession session;
  private final DenoiserSignature signature;
  private final int size;
  private final TensorBuffer x;
  private final TensorBuffer timesteps;
  private final TensorBuffer prediction;
  private final Map<String, TensorBuffer> conditions = new LinkedHashMap<>();

  /**
   * Makes the buffers.
   *
   * @param session the network; not closed by this
   * @param spec its tensors
   * @param shape of an image
   * @param given what the predictions are conditioned on
   * @param rows the largest batch
   * @throws IllegalArgumentException if the conditions are not those of the denoiser's inputs
   */
  public OnnxDenoiser(
      InferenceSession session, DenoiserSpec spec, ImageShape shape, Conditions given, int rows) {
    this(session, spec.signature(), shape, given, rows);
  }

  OnnxDenoiser(
      InferenceSession session,
      DenoiserSignature signature,
      ImageShape shape,
      Conditions given,
      int rows) {
    this.session = session;
    this.signature = signature;
    this.size = shape.size();
    given.requireFor(signature, rows);
    int least = Math.max(1, signature.fixedBatch());
    int room = Math.multiplyExact((rows + least - 1) / least, least);
    this.x = images(signature.input(), room, shape, shape.channels());
    int channels = signature.learnsVariance() ? 2 * shape.channels() : shape.channels();
    this.prediction = images(signature.output(), room, shape, channels);
    this.timesteps = timesteps(signature.timestep(), room);
    given.tensors().forEach((name, tensor) -> conditions.put(name, tensor.extendedTo(room)));
  }

  private static TensorBuffer images(TensorPort port, int rows, ImageShape shape, int channels) {
    return TensorBuffer.of(
        TensorType.of(port.type()), rows, channels, shape.height(), shape.width());
  }

  private static TensorBuffer timesteps(TensorPort port, int rows) {
    long[] shape = port.sizes().stream().mapToLong(s -> s == TensorPort.FREE ? rows : s).toArray();
    return TensorBuffer.of(TensorType.of(port.type()), shape);
  }

  @Override
  public void predict(SamplerState state, int rows, double timestep) {
    requireTaken(timestep);
    x.values().put(0, state.x(), 0, rows * size);
    timesteps.values().fill(timestep);
    int batch = signature.fixedBatch() > 0 ? signature.fixedBatch() : rows;
    for (int first = 0; first < rows; first += batch) {
      run(first, batch);
      read(state, first, Math.min(batch, rows - first));
    }
  }

  private void requireTaken(double timestep) {
    boolean lost =
        TensorType.of(signature.timestep().type()).isInteger() && timestep != Math.rint(timestep);
    if (lost && !signature.roundsTimesteps()) {
      throw new IllegalArgumentException(
          "denoiser's input "
              + signature.timestep().name()
              + ": expected whole timesteps ("
              + signature.timestep().describe()
              + "), found "
              + timestep
              + "; choose a sampler without fractional timesteps, or let the model round them"
              + " (roundsTimesteps)");
    }
  }

  private void run(int first, int count) {
    Map<String, TensorBuffer> inputs = new HashMap<>();
    inputs.put(signature.input().name(), x.rows(first, count));
    boolean single = signature.timestep().rank() == 0 || signature.timestep().isFixed(0);
    inputs.put(signature.timestep().name(), single ? timesteps : timesteps.rows(first, count));
    conditions.forEach((name, tensor) -> inputs.put(name, tensor.rows(first, count)));
    session.run(inputs, Map.of(signature.output().name(), prediction.rows(first, count)));
  }

  private void read(SamplerState state, int first, int count) {
    float[] variance = state.variance();
    if (!signature.learnsVariance()) {
      prediction.values().get(first * size, state.prediction(), first * size, count * size);
      return;
    }
    for (int row = first; row < first + count; row++) {
      prediction.values().get(2 * row * size, state.prediction(), row * size, size);
      if (variance.length > 0) {
        prediction.values().get((2 * row + 1) * size, variance, row * size, size);
      }
    }
  }
}
