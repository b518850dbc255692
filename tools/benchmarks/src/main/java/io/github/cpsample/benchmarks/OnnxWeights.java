package io.github.cpsample.benchmarks;

import io.github.cpsample.onnx.OnnxModel;
import io.github.cpsample.onnx.Tensor;
import io.github.cpsample.trainer.network.Network;
import io.github.cpsample.trainer.network.ParameterSpec;
import io.github.cpsample.trainer.network.ShapeOps;
import java.util.List;
import java.util.Map;

/** The weights inside an exported network: its initializers carry the names of the parameters. */
final class OnnxWeights {

  private final Map<String, Tensor> initializers;

  OnnxWeights(OnnxModel model) {
    this.initializers = model.graph().initializers();
  }

  boolean has(String name) {
    return initializers.containsKey(name);
  }

  /** The size of one axis of a parameter. */
  int size(String name, int axis) {
    return Math.toIntExact(tensor(name).sizes()[axis]);
  }

  /** How many of the names made from 0, 1, ... are there. */
  int count(String format) {
    int count = 0;
    while (has(String.format(format, count))) {
      count++;
    }
    return count;
  }

  /** All parameters of a network in one vector, in the order in which it asks for them. */
  float[] flat(Network network) {
    List<ParameterSpec> parameters = ShapeOps.describe(network).parameters();
    float[] flat = new float[parameters.stream().mapToInt(ParameterSpec::size).sum()];
    int end = 0;
    for (ParameterSpec parameter : parameters) {
      float[] values = tensor(parameter.name()).floats();
      if (values.length != parameter.size()) {
        throw new IllegalStateException(
            "parameter "
                + parameter.name()
                + ": expected "
                + parameter.shape()
                + ", found "
                + tensor(parameter.name()));
      }
      System.arraycopy(values, 0, flat, end, values.length);
      end += values.length;
    }
    return flat;
  }

  private Tensor tensor(String name) {
    Tensor tensor = initializers.get(name);
    if (tensor == null) {
      throw new IllegalStateException(
          "exported network: expected an initializer "
              + name
              + ", found "
              + initializers.keySet()
              + "; the benchmarks read the networks that this project exports");
    }
    return tensor;
  }
}
