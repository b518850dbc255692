package io.github.cpsample.onnx.autodiff;

import io.github.cpsample.onnx.Dim;
import io.github.cpsample.onnx.ElementType;
import io.github.cpsample.onnx.Graph;
import io.github.cpsample.onnx.GraphBuilder;
import io.github.cpsample.onnx.OnnxModel;
import io.github.cpsample.onnx.Shape;
import io.github.cpsample.onnx.Tensor;
import io.github.cpsample.onnx.Value;
import io.github.cpsample.onnx.ValueInfo;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;

/** One operator in one use: how to build it, and inputs at which it is smooth. */
final class OperatorCase {

  private final String operator;
  private final String variant;
  private final Body body;
  private final List<long[]> inputs = new ArrayList<>();
  private ElementType type = ElementType.DOUBLE;
  private int opset = 17;
  private boolean needsSizes;
  private boolean resizable = true;
  private double low = -2;
  private double high = 2;

  /** What a case builds from its inputs. */
  @FunctionalInterface
  interface Body {
    Value build(GraphBuilder graph, List<Value> inputs, Constants constants);
  }

  /** Constants of the case's element type, and the opset that it is built in. */
  final class Constants {

    private final GraphBuilder graph;
    private int count;

    private Constants(GraphBuilder graph) {
      this.graph = graph;
    }

    Value of(long seed, long... sizes) {
      return graph.constant("constant" + count++, random(new Random(seed), sizes));
    }

    int opset() {
      return opset;
    }
  }

  OperatorCase(String operator, String variant, Body body, long[]... inputs) {
    this.operator = operator;
    this.variant = variant;
    this.body = body;
    this.inputs.addAll(Arrays.asList(inputs));
  }

  /** For operators without float64 kernels. */
  OperatorCase inFloat() {
    type = ElementType.FLOAT;
    return this;
  }

  OperatorCase atOpset(int version) {
    opset = version;
    return this;
  }

  OperatorCase between(double least, double most) {
    low = least;
    high = most;
    return this;
  }

  /** For what can only be differentiated where the sizes are known. */
  OperatorCase needsSizes() {
    return needsSizes(true);
  }

  OperatorCase needsSizes(boolean needed) {
    needsSizes = needed;
    return this;
  }

  /** For constants that mean something else with other sizes. */
  OperatorCase ofTheseSizes() {
    resizable = false;
    return this;
  }

  boolean isResizable() {
    return resizable;
  }

  /** The same use in another opset, with inputs of other sizes. */
  OperatorCase like(int version, List<long[]> sizes) {
    OperatorCase other = new OperatorCase(operator, variant, body, sizes.toArray(long[][]::new));
    other.type = type;
    other.opset = version;
    other.needsSizes = needsSizes;
    other.low = low;
    other.high = high;
    return other;
  }

  boolean canBeSymbolic() {
    return !needsSizes;
  }

  String operator() {
    return operator;
  }

  ElementType type() {
    return type;
  }

  List<long[]> inputs() {
    return inputs;
  }

  /** The model; every axis of an input symbolic where asked. */
  OnnxModel model(boolean symbolic) {
    GraphBuilder graph = new GraphBuilder(operator, opset);
    List<Value> values = new ArrayList<>();
    for (int i = 0; i < inputs.size(); i++) {
      values.add(graph.input("x" + i, type, shape(i, symbolic)));
    }
    Value result = body.build(graph, values, new Constants(graph));
    graph.output("y", result, type, Shape.of(Dim.symbolic("y0")));
    OnnxModel model = graph.build();
    return model.withGraph(
        new Graph(
            operator,
            model.graph().inputs(),
            List.of(new ValueInfo("y", type, Optional.empty())),
            model.graph().nodes(),
            model.graph().initializers(),
            List.of()));
  }

  private Shape shape(int input, boolean symbolic) {
    long[] sizes = inputs.get(input);
    Dim[] dims = new Dim[sizes.length];
    for (int i = 0; i < sizes.length; i++) {
      boolean open = symbolic && sizes[i] > 1;
      dims[i] = open ? Dim.symbolic("x" + input + "_" + i) : Dim.of(sizes[i]);
    }
    return Shape.of(dims);
  }

  /** Inputs by name. */
  Map<String, Tensor> point() {
    Random random = new Random(11);
    Map<String, Tensor> point = new LinkedHashMap<>();
    for (int i = 0; i < inputs.size(); i++) {
      point.put("x" + i, random(random, inputs.get(i)));
    }
    return point;
  }

  private Tensor random(Random random, long... sizes) {
    int count = (int) Arrays.stream(sizes).reduce(1, (a, b) -> a * b);
    double[] values = new double[count];
    for (int i = 0; i < count; i++) {
      double value;
      do {
        value = low + (high - low) * random.nextDouble();
      } while (Math.abs(value) < 0.05 || Math.abs(Math.abs(value) - 1) < 0.05);
      values[i] = value;
    }
    return Tensors.of(type, values, sizes);
  }

  @Override
  public String toString() {
    return operator + " " + variant + " " + type + " opset " + opset;
  }
}
