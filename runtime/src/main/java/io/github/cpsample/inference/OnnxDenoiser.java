package io.github.cpsample.inference;

import io.github.cpsample.bundle.DenoiserSignature;
import io.github.cpsample.bundle.TensorPort;
import io.github.cpsample.diffusion.SamplerState;
import io.github.cpsample.image.ImageShape;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A denoiser of any signature. Images, timesteps and predictions are converted to and from its
 * types; rows at different timesteps share a run, unless the network takes one timestep for all of
 * them: then there is a run for each. One that takes a fixed number of images runs as often as
 * needed, the last time with the last image repeated. Owns its buffers; belongs to one thread.
 */
public final class OnnxDenoiser implements Denoiser {
  private final InferenceSession session;
  private final DenoiserSignature signature;
  private final int size;
  private final int room;
  private final TensorBuffer x;
  private final TensorBuffer timesteps;
  private final TensorBuffer prediction;
  private final Map<String, TensorBuffer> conditions = new HashMap<>();

  /** What the buffers of the conditions hold, for each row; equal ones are not copied again. */
  private final Conditions[] held;

  /**
   * Makes the buffers.
   *
   * @param session the network; not closed by this
   * @param signature its tensors
   * @param shape of an image
   * @param rows the most images of a run
   */
  public OnnxDenoiser(
      InferenceSession session, DenoiserSignature signature, ImageShape shape, int rows) {
    this.session = session;
    this.signature = signature;
    this.size = shape.size();
    this.room = signature.fixedBatch() > 0 ? signature.fixedBatch() : rows;
    this.x = images(signature.input(), shape, shape.channels());
    int channels = signature.learnsVariance() ? 2 * shape.channels() : shape.channels();
    this.prediction = images(signature.output(), shape, channels);
    this.timesteps = TensorBuffer.of(typeOf(signature.timestep()), sizes(signature.timestep()));
    this.held = new Conditions[room];
  }

  private TensorBuffer images(TensorPort port, ImageShape shape, int channels) {
    return TensorBuffer.of(typeOf(port), room, channels, shape.height(), shape.width());
  }

  private long[] sizes(TensorPort port) {
    return port.sizes().stream().mapToLong(s -> s == TensorPort.FREE ? room : s).toArray();
  }

  private static TensorType typeOf(TensorPort port) {
    return TensorType.of(port.type());
  }

  @Override
  public void predict(List<Row> rows) {
    for (List<Row> together : oneTimestep() ? byTimestep(rows) : List.of(rows)) {
      for (int first = 0; first < together.size(); first += room) {
        run(together.subList(first, Math.min(first + room, together.size())));
      }
    }
  }

  /** Whether a run of several images takes a single timestep. */
  private boolean oneTimestep() {
    TensorPort port = signature.timestep();
    return room > 1 && (port.rank() == 0 || (port.isFixed(0) && port.sizes().get(0) == 1));
  }

  private static List<List<Row>> byTimestep(List<Row> rows) {
    Map<Double, List<Row>> groups = new LinkedHashMap<>();
    rows.forEach(row -> groups.computeIfAbsent(row.timestep(), t -> new ArrayList<>()).add(row));
    return List.copyOf(groups.values());
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

  private void run(List<Row> rows) {
    boolean single = oneTimestep() || signature.timestep().rank() == 0;
    int count = signature.fixedBatch() > 0 ? room : rows.size();
    for (int i = 0; i < count; i++) {
      Row row = rows.get(Math.min(i, rows.size() - 1));
      requireTaken(row.timestep());
      x.values().put(i * size, row.image().x(), 0, size);
      if (i == 0 || !single) {
        timesteps.values().put(i, row.timestep());
      }
      hold(i, row.conditions());
    }
    Map<String, TensorBuffer> inputs = new HashMap<>();
    inputs.put(signature.input().name(), x.rows(count));
    inputs.put(signature.timestep().name(), single ? timesteps : timesteps.rows(count));
    conditions.forEach((name, tensor) -> inputs.put(name, tensor.rows(count)));
    session.run(inputs, Map.of(signature.output().name(), prediction.rows(count)));
    for (int i = 0; i < rows.size(); i++) {
      read(i, rows.get(i).image());
    }
  }

  /** Puts the conditions of a row where they are not yet. */
  private void hold(int index, Conditions wanted) {
    if (wanted.equals(held[index])) {
      return;
    }
    wanted.requireFor(signature);
    held[index] = null;
    wanted.tensors().forEach((name, tensor) -> roomFor(name, tensor).putRow(index, tensor));
    held[index] = wanted;
  }

  private TensorBuffer roomFor(String name, TensorBuffer ofOne) {
    return conditions.computeIfAbsent(
        name,
        key -> {
          long[] shape = ofOne.shape();
          shape[0] = room;
          return TensorBuffer.of(ofOne.type(), shape);
        });
  }

  private void read(int index, SamplerState image) {
    if (!signature.learnsVariance()) {
      prediction.values().get(index * size, image.prediction(), 0, size);
      return;
    }
    prediction.values().get(2 * index * size, image.prediction(), 0, size);
    if (image.variance().length > 0) {
      prediction.values().get((2 * index + 1) * size, image.variance(), 0, size);
    }
  }
}
