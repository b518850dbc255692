package io.github.cpsample.trainer.export;

import io.github.cpsample.onnx.Attribute;
import io.github.cpsample.onnx.GraphBuilder;
import io.github.cpsample.onnx.Tensor;
import io.github.cpsample.onnx.Value;
import io.github.cpsample.trainer.network.Ops;
import io.github.cpsample.trainer.network.ParameterSpec;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Interprets a network as an ONNX graph of opset 17.
 *
 * <p>Writes only operators that the CPU and the CUDA provider of ONNX Runtime implement. Group
 * normalisation is written as instance normalisation over groups, since opset 17 has no operator of
 * its own. Not thread-safe.
 */
final class OnnxOps implements Ops<Value> {

  static final int OPSET = 17;

  private static final float NORM_EPSILON = 1e-5f;

  private final GraphBuilder graph;
  private final Map<String, float[]> weights;
  private final Map<String, Value> parameters = new HashMap<>();

  /**
   * An interpretation that writes into a graph.
   *
   * @param graph receives nodes and initializers
   * @param weights parameter values by name
   */
  OnnxOps(GraphBuilder graph, Map<String, float[]> weights) {
    this.graph = graph;
    this.weights = Map.copyOf(weights);
  }

  @Override
  public Value parameter(ParameterSpec spec) {
    return parameters.computeIfAbsent(
        spec.name(), name -> graph.constant(name, weight(name), longs(spec.dimensions())));
  }

  private float[] weight(String name) {
    float[] values = weights.get(name);
    if (values == null) {
      throw new IllegalArgumentException(
          "Parameter " + name + ": expected a value, found none in " + weights.keySet());
    }
    return values;
  }

  @Override
  public Value constant(float[] values, int... shape) {
    return graph.constant(Tensor.of(values, longs(shape)));
  }

  @Override
  public Value conv2d(Value x, Value weight, Value bias, int stride, int padding) {
    return graph.conv(List.of(x, weight, bias), stride, padding);
  }

  @Override
  public Value linear(Value x, Value weight, Value bias) {
    return graph.node("Gemm", List.of(x, weight, bias), Attribute.integer("transB", 1));
  }

  @Override
  public Value groupNorm(Value x, int groups, Value gamma, Value beta) {
    float[] ones = new float[groups];
    Arrays.fill(ones, 1);
    Value rows = graph.reshape(x, 0, groups, -1);
    Value normed =
        graph.instanceNorm(
            rows, constant(ones, groups), constant(new float[groups], groups), NORM_EPSILON);
    Value image = graph.reshape(normed, graph.shapeOf(x));
    return add(mul(image, perChannel(gamma)), perChannel(beta));
  }

  private Value perChannel(Value vector) {
    return graph.reshape(vector, 1, -1, 1, 1);
  }

  @Override
  public Value silu(Value x) {
    return graph.silu(x);
  }

  @Override
  public Value add(Value a, Value b) {
    return graph.add(a, b);
  }

  @Override
  public Value mul(Value a, Value b) {
    return graph.mul(a, b);
  }

  @Override
  public Value sin(Value x) {
    return graph.sin(x);
  }

  @Override
  public Value cos(Value x) {
    return graph.cos(x);
  }

  @Override
  public Value softmax(Value x) {
    return graph.softmax(x, -1);
  }

  @Override
  public Value matmul(Value a, Value b) {
    return graph.matMul(a, b);
  }

  @Override
  public Value transpose(Value x) {
    return graph.transpose(x, 0, 2, 1);
  }

  @Override
  public Value concat(List<Value> parts) {
    return graph.concat(parts, 1);
  }

  @Override
  public Value reshape(Value x, int... sampleShape) {
    long[] shape = new long[sampleShape.length + 1];
    for (int i = 0; i < sampleShape.length; i++) {
      shape[i + 1] = sampleShape[i];
    }
    // 0 copies the batch axis: then ONNX Runtime can tell that it has not changed
    shape[0] = 0;
    return graph.reshape(x, shape);
  }

  @Override
  public Value upsampleNearest(Value x) {
    return graph.repeatPixels(x, constant(new float[0], 0), constant(new float[] {1, 1, 2, 2}, 4));
  }

  @Override
  public Value spaceToDepth(Value x, int block) {
    return graph.node("SpaceToDepth", List.of(x), Attribute.integer("blocksize", block));
  }

  @Override
  public Value depthToSpace(Value x, int block) {
    return graph.node(
        "DepthToSpace",
        List.of(x),
        Attribute.integer("blocksize", block),
        Attribute.string("mode", "DCR"));
  }

  @Override
  public Value globalAveragePool(Value x) {
    Value pooled = graph.node("GlobalAveragePool", List.of(x));
    return graph.node("Flatten", List.of(pooled), Attribute.integer("axis", 1));
  }

  @Override
  public Value embedding(Value table, Value indices) {
    return graph.gather(table, indices, 0);
  }

  private static long[] longs(int... values) {
    long[] result = new long[values.length];
    for (int i = 0; i < values.length; i++) {
      result[i] = values[i];
    }
    return result;
  }
}
