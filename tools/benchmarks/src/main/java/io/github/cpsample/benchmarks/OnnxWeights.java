package io.github.cpsample.benchmarks;

import io.github.cpsample.image.ImageShape;
import io.github.cpsample.onnx.OnnxModel;
import io.github.cpsample.onnx.Tensor;
import io.github.cpsample.trainer.network.ClassifierConfig;
import io.github.cpsample.trainer.network.Network;
import io.github.cpsample.trainer.network.ParameterSpec;
import io.github.cpsample.trainer.network.ShapeOps;
import io.github.cpsample.trainer.network.UNetConfig;
import java.util.ArrayList;
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

  /** Finds the configuration of an exported network in the names and shapes of its weights. */
  static final class NetworkShapes {

    private NetworkShapes() {}

    static ClassifierConfig classifier(OnnxWeights weights, ImageShape image) {
      String enter = "level.%d.enter.weight";
      List<Integer> widths = widths(weights, enter);
      return new ClassifierConfig(
          image.channels(),
          image.height(),
          image.width(),
          patch(weights.size(String.format(enter, 0), 1), image),
          widths,
          weights.count("level.0.%d.conv0.weight"),
          weights.size("time.0.weight", 0),
          weights.size("head.weight", 0));
    }

    /**
     * A denoiser's configuration.
     *
     * @param groups groups of the normalisation, of which weights say nothing
     */
    static UNetConfig denoiser(OnnxWeights weights, ImageShape image, int groups) {
      List<Integer> widths = widths(weights, "down.%d.0.conv0.weight");
      int patch = patch(weights.size("stem.weight", 1), image);
      List<Integer> attention = new ArrayList<>();
      for (int level = 0; level < widths.size(); level++) {
        if (weights.has("down." + level + ".0.attention.gamma")) {
          attention.add(image.height() / (patch << level));
        }
      }
      return new UNetConfig(
          image.channels(),
          image.height(),
          image.width(),
          patch,
          widths,
          weights.count("down.0.%d.conv0.weight"),
          attention,
          weights.size("time.0.weight", 0),
          groups,
          weights.has("label.table") ? weights.size("label.table", 0) : 0);
    }

    private static List<Integer> widths(OnnxWeights weights, String format) {
      List<Integer> widths = new ArrayList<>();
      for (int level = 0; level < weights.count(format); level++) {
        widths.add(weights.size(String.format(format, level), 0));
      }
      return widths;
    }

    private static int patch(int channelsOfPatch, ImageShape image) {
      return (int) Math.round(Math.sqrt((double) channelsOfPatch / image.channels()));
    }
  }
}
