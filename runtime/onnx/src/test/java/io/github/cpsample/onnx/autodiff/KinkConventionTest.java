package io.github.cpsample.onnx.autodiff;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import io.github.cpsample.onnx.Attribute;
import io.github.cpsample.onnx.ElementType;
import io.github.cpsample.onnx.GraphBuilder;
import io.github.cpsample.onnx.OnnxModel;
import io.github.cpsample.onnx.OrtGraph;
import io.github.cpsample.onnx.Shape;
import io.github.cpsample.onnx.Tensor;
import io.github.cpsample.onnx.Value;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What the gradient is where there is none: the conventions that docs/reference/differentiator.md
 * states.
 */
class KinkConventionTest {

  private static float[] of(float... values) {
    return values;
  }

  private static Arguments of(
      String operator, float[] x, double[] expected, Attribute... attributes) {
    return Arguments.of(operator, x, List.of(), expected, List.of(attributes));
  }

  private static double[] is(double... values) {
    return values;
  }

  static Stream<Arguments> elementwise() {
    return Stream.of(
        of("Relu", of(-1, 0, 1), is(0, 0, 1)),
        of("LeakyRelu", of(-1, 0, 1), is(0.25, 0.25, 1), Attribute.decimal("alpha", 0.25f)),
        of("Abs", of(-1, 0, 1), is(-1, 0, 1)),
        of("Elu", of(0, 1), is(2, 1), Attribute.decimal("alpha", 2)),
        of("ThresholdedRelu", of(0, 1, 2), is(0, 0, 1)),
        of("HardSigmoid", of(-3, -2.5f, 0, 2.5f, 3), is(0, 0, 0.2, 0, 0)),
        of("HardSwish", of(-4, -3, 3, 4), is(0, 0, 1, 1)),
        of("Sign", of(-1, 0, 1), is(0, 0, 0)),
        Arguments.of(
            "Clip", of(-2, -1, 0, 1, 2), List.of(of(-1), of(1)), is(0, 1, 1, 1, 0), List.of()),
        Arguments.of("Clip", of(-2, 0, -1, 2), List.of(of(1), of(-1)), is(0, 0, 0, 0), List.of()),
        Arguments.of("Pow", of(0, 0, 2), List.of(of(0, 1, 2)), is(0, 1, 4), List.of()),
        Arguments.of("PRelu", of(-1, 0, 1), List.of(of(0.5f)), is(0.5, 0.5, 1), List.of()),
        Arguments.of("Max", of(1, 2, 3), List.of(of(2, 2, 2)), is(0, 0.5, 1), List.of()),
        Arguments.of("Min", of(1, 2, 3), List.of(of(2, 2, 2)), is(1, 0.5, 0), List.of()));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("elementwise")
  void atKinks(
      String operator, float[] x, List<float[]> others, double[] expected, List<Attribute> given) {
    GraphBuilder g = new GraphBuilder(operator, 17);
    List<Value> inputs = new ArrayList<>();
    inputs.add(g.input("x", ElementType.FLOAT, Shape.fixed(x.length)));
    for (float[] other : others) {
      Tensor tensor = other.length == 1 ? Tensor.of(other) : Tensor.of(other, other.length);
      inputs.add(g.constant("c" + inputs.size(), tensor));
    }
    Value y = g.node(operator, inputs, given.toArray(Attribute[]::new));
    g.output("y", y, ElementType.FLOAT, Shape.fixed(x.length));
    float[] seed = new float[x.length];
    Arrays.fill(seed, 1);
    Map<String, Tensor> point =
        Map.of("x", Tensor.of(x, x.length), "seed/y", Tensor.of(seed, seed.length));
    assertGradient(g.build(), point, expected);
  }

  private static void assertGradient(
      OnnxModel model, Map<String, Tensor> point, double... expected) {
    try (OrtGraph graph = new OrtGraph(ReverseDifferentiator.of(model).differentiate())) {
      assertArrayEquals(expected, graph.run(point).get("grad/x"), 1e-6);
    }
  }

  static Stream<Arguments> ties() {
    Attribute whole = Attribute.ints("kernel_shape", 2, 2);
    return Stream.of(
        Arguments.of("MaxPool", 17, List.of(whole), is(0, 0, 1, 0)),
        Arguments.of(
            "MaxPool", 8, List.of(whole, Attribute.ints("strides", 2, 2)), is(0, 0, 0.5, 0.5)),
        Arguments.of("GlobalMaxPool", 17, List.of(), is(0, 0, 0.5, 0.5)),
        Arguments.of("ReduceMax", 17, List.of(Attribute.ints("axes", 2, 3)), is(0, 0, 0.5, 0.5)));
  }

  /** Of the pixels 1 2 / 3 3 two are the largest. */
  @ParameterizedTest(name = "{0} opset {1}")
  @MethodSource("ties")
  void whereTwoAreLargest(String operator, int opset, List<Attribute> given, double[] expected) {
    GraphBuilder g = new GraphBuilder(operator, opset);
    Value x = g.input("x", ElementType.FLOAT, Shape.fixed(1, 1, 2, 2));
    Value y = g.node(operator, List.of(x), given.toArray(Attribute[]::new));
    g.output("y", y, ElementType.FLOAT, Shape.fixed(1, 1, 1, 1));
    Tensor image = Tensor.of(new float[] {1, 2, 3, 3}, 1, 1, 2, 2);
    Tensor seed = Tensor.of(new float[] {1}, 1, 1, 1, 1);
    assertGradient(g.build(), Map.of("x", image, "seed/y", seed), expected);
  }
}
