package io.github.cpsample.trainer.training;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import io.github.cpsample.trainer.network.Initializer;
import io.github.cpsample.trainer.network.Network;
import io.github.cpsample.trainer.network.ParameterSpec;
import io.github.cpsample.trainer.network.ShapeOps;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

/**
 * How the parameters of a network lie in one flat vector.
 *
 * <p>One vector for all parameters makes the optimiser a dozen operations instead of a dozen per
 * parameter: its gradient arrives in one piece, since the derivative of splitting is one
 * concatenation. Immutable and thread-safe.
 */
public final class Weights {

  private final List<ParameterSpec> specs;
  private final long[] ends;

  private Weights(List<ParameterSpec> specs) {
    this.specs = specs;
    this.ends = new long[specs.size()];
    long end = 0;
    for (int i = 0; i < ends.length; i++) {
      end += specs.get(i).size();
      ends[i] = end;
    }
  }

  /**
   * The layout of a network's parameters.
   *
   * @param network the network
   * @return the layout, in the order in which the network asks for them
   */
  public static Weights of(Network network) {
    return new Weights(ShapeOps.describe(network).parameters());
  }

  /**
   * Number of parameters of the whole network.
   *
   * @return the length of the flat vector
   */
  public int size() {
    return Math.toIntExact(ends[ends.length - 1]);
  }

  /**
   * Draws initial values.
   *
   * @param seed equal seeds give equal values
   * @return a flat vector of {@link #size()} values
   */
  public float[] initialize(long seed) {
    RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
    float[] flat = new float[size()];
    for (int i = 0; i < ends.length; i++) {
      float[] values = Initializer.initialize(specs.get(i), random);
      System.arraycopy(values, 0, flat, (int) ends[i] - values.length, values.length);
    }
    return flat;
  }

  /**
   * Views of the parameters inside a flat array.
   *
   * @param flat [size], on the device where the network runs
   * @return the parameters by name; they belong to the manager of {@code flat}
   */
  public Map<String, NDArray> views(NDArray flat) {
    NDList parts = flat.split(Arrays.copyOf(ends, ends.length - 1), 0);
    Map<String, NDArray> views = new LinkedHashMap<>();
    for (int i = 0; i < ends.length; i++) {
      long[] shape = specs.get(i).shape().stream().mapToLong(Integer::longValue).toArray();
      views.put(specs.get(i).name(), parts.get(i).reshape(new Shape(shape)));
    }
    return views;
  }

  /**
   * Copies of the parameters inside a flat vector.
   *
   * @param flat a vector of {@link #size()} values, not modified
   * @return the parameters by name, row-major
   */
  public Map<String, float[]> values(float[] flat) {
    requireFit(flat);
    Map<String, float[]> values = new LinkedHashMap<>();
    for (int i = 0; i < ends.length; i++) {
      int end = (int) ends[i];
      values.put(specs.get(i).name(), Arrays.copyOfRange(flat, end - specs.get(i).size(), end));
    }
    return values;
  }

  /** Throws unless there are as many values as the network has. */
  void requireFit(float[] flat) {
    if (flat.length != size()) {
      throw new IllegalArgumentException(
          "Weights: expected " + size() + " values, found " + flat.length);
    }
  }
}
