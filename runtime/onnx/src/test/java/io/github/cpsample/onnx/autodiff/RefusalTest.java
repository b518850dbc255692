package io.github.cpsample.onnx.autodiff;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.cpsample.onnx.Attribute;
import io.github.cpsample.onnx.ElementType;
import io.github.cpsample.onnx.Graph;
import io.github.cpsample.onnx.Node;
import io.github.cpsample.onnx.OnnxModel;
import io.github.cpsample.onnx.OrtGraph;
import io.github.cpsample.onnx.Shape;
import io.github.cpsample.onnx.Tensor;
import io.github.cpsample.onnx.ValueInfo;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What has no derivative is refused with operator, node and opset; only where it is in the way. */
class RefusalTest {

  private static final ValueInfo X = ValueInfo.of("x", ElementType.FLOAT, Shape.fixed(2, 3));

  private static Node node(
      String name, String operator, String inputs, String outputs, Attribute... attributes) {
    return new Node(name, operator, "", words(inputs), words(outputs), List.of(attributes));
  }

  private static List<String> words(String text) {
    return List.of(text.split(" ", -1));
  }

  private static ValueInfo value(String name, ElementType type) {
    return new ValueInfo(name, type, Optional.empty());
  }

  private static OnnxModel model(List<Node> nodes, ValueInfo... outputs) {
    Map<String, Tensor> constants = new HashMap<>();
    constants.put("zero", Tensor.of(new long[] {0}));
    constants.put("scale", Tensor.of(new float[] {0.1f}));
    constants.put("point", Tensor.ofBytes(ElementType.UINT8, new byte[] {0}));
    constants.put("w", Tensor.of(new float[12], 1, 4, 3));
    constants.put("k", Tensor.ofBytes(ElementType.UINT8, new byte[9], 3, 3));
    Graph graph = new Graph("g", List.of(X), List.of(outputs), nodes, constants, List.of());
    return new OnnxModel(8, Map.of("", 17L), "", Map.of(), graph);
  }

  private static Arguments refused(String operator, Node... nodes) {
    return Arguments.of(operator, List.of(nodes));
  }

  private static Node cast(String from) {
    return node("back", "Cast", from, "y", Attribute.integer("to", 1));
  }

  private static Graph body() {
    ValueInfo inner = value("inner", ElementType.FLOAT);
    Node neg = node("neg", "Neg", "x", "inner");
    return new Graph("body", List.of(), List.of(inner), List.of(neg), Map.of(), List.of());
  }

  static Stream<Arguments> operators() {
    return Stream.of(
        refused("ArgMax", node("culprit", "ArgMax", "x", "i"), cast("i")),
        refused("NonMaxSuppression", node("culprit", "NonMaxSuppression", "x x", "i"), cast("i")),
        refused(
            "QuantizeLinear", node("culprit", "QuantizeLinear", "x scale point", "q"), cast("q")),
        refused(
            "QuantizeLinear",
            node("culprit", "QuantizeLinear", "x scale point", "q"),
            node("out", "DequantizeLinear", "q scale point", "y")),
        refused(
            "QuantizeLinear",
            node("culprit", "QuantizeLinear", "x scale point", "q"),
            node("conv", "QLinearConv", "q scale point k scale point scale point", "z"),
            node("out", "DequantizeLinear", "z scale point", "y")),
        refused(
            "SequenceConstruct",
            node("culprit", "SequenceConstruct", "x x", "s"),
            node("size", "Shape", "x", "sizes"),
            node("place", "ReduceMin", "sizes", "place", Attribute.integer("keepdims", 0)),
            node("out", "SequenceAt", "s place", "y")),
        refused("Loop", node("culprit", "Loop", "zero  x", "y", Attribute.graph("body", body()))),
        refused(
            "org.example::Mish2",
            new Node("culprit", "Mish2", "org.example", words("x"), words("y"), List.of())));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("operators")
  void namesOperatorNodeAndOpset(String operator, List<Node> nodes) {
    OnnxModel model = model(nodes, value("y", ElementType.FLOAT));
    String message =
        assertThrows(
                UnsupportedOperatorException.class,
                () -> ReverseDifferentiator.of(model).differentiate())
            .getMessage();
    assertTrue(message.contains("opset 17"), message);
    assertTrue(message.startsWith("Operator " + operator + " "), message);
    assertTrue(message.contains("node \"culprit\""), message);
  }

  private static OnnxModel scoresAndClass() {
    return model(
        List.of(
            node("square", "Mul", "x x", "y"),
            node("best", "ArgMax", "x", "best"),
            node("class", "Cast", "best", "class", Attribute.integer("to", 1))),
        value("y", ElementType.FLOAT),
        value("class", ElementType.FLOAT));
  }

  /** What comes behind an operation without derivative is not blamed for it. */
  @Test
  void namesTheFirstOperatorInTheWay() {
    Node custom = new Node("culprit", "Odd", "org.example", words("x"), words("odd"), List.of());
    Node relu = node("innocent", "Relu", "odd", "y");
    OnnxModel model = model(List.of(custom, relu), value("y", ElementType.FLOAT));
    UnsupportedOperatorException refusal =
        assertThrows(
            UnsupportedOperatorException.class,
            () -> ReverseDifferentiator.of(model).differentiate());
    assertTrue(refusal.getMessage().contains("org.example::Odd"), refusal.getMessage());
  }

  /** No cotangent comes back through a comparison, so what is compared needs no rule. */
  @Test
  void anOperatorBehindAComparisonIsNotInTheWay() {
    OnnxModel derived =
        ReverseDifferentiator.of(
                model(
                    List.of(
                        node("det", "CumSum", "x zero", "sums"),
                        node("mask", "Greater", "sums x", "mask"),
                        node("choice", "Where", "mask x scale", "y")),
                    value("y", ElementType.FLOAT)))
            .differentiate();
    float[] values = {1, -2, 3, 4, 5, 6};
    float[] ones = {1, 1, 1, 1, 1, 1};
    try (OrtGraph graph = new OrtGraph(derived)) {
      double[] gradient =
          graph
              .run(Map.of("x", Tensor.of(values, 2, 3), "seed/y", Tensor.of(ones, 2, 3)))
              .get("grad/x");
      assertArrayEquals(new double[] {0, 0, 0, 1, 0, 1}, gradient, 1e-6);
    }
  }

  @Test
  void anArgMaxBesideThePathIsNotInTheWay() {
    OnnxModel derived = ReverseDifferentiator.of(scoresAndClass()).outputs("y").differentiate();
    float[] values = {1, -2, 3, 4, 5, 6};
    float[] ones = {1, 1, 1, 1, 1, 1};
    try (OrtGraph graph = new OrtGraph(derived)) {
      Map<String, double[]> found =
          graph.run(Map.of("x", Tensor.of(values, 2, 3), "seed/y", Tensor.of(ones, 2, 3)));
      assertArrayEquals(new double[] {2, -4, 6, 8, 10, 12}, found.get("grad/x"), 1e-6);
      assertArrayEquals(new double[] {1, 1, 1}, found.get("class"), 0);
    }
  }

  @Test
  void butItIsWhereItsOutputIsAskedFor() {
    String message =
        assertThrows(
                UnsupportedOperatorException.class,
                () -> ReverseDifferentiator.of(scoresAndClass()).differentiate())
            .getMessage();
    assertTrue(message.contains("ArgMax") && message.contains("\"best\""), message);
    assertEquals(-1, message.indexOf("Mul"));
  }
}
