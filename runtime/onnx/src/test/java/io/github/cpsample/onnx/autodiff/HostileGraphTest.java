package io.github.cpsample.onnx.autodiff;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.cpsample.onnx.Attribute;
import io.github.cpsample.onnx.Dim;
import io.github.cpsample.onnx.ElementType;
import io.github.cpsample.onnx.Graph;
import io.github.cpsample.onnx.Node;
import io.github.cpsample.onnx.OnnxCodec;
import io.github.cpsample.onnx.OnnxModel;
import io.github.cpsample.onnx.OrtGraph;
import io.github.cpsample.onnx.Shape;
import io.github.cpsample.onnx.Tensor;
import io.github.cpsample.onnx.ValueInfo;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Graphs that make no sense, or that are made to hurt. */
class HostileGraphTest {

  private final Map<String, Tensor> constants = new HashMap<>();
  private final List<Node> nodes = new ArrayList<>();
  private Shape inputShape = Shape.fixed(2, 3);

  private void node(String operator, String output, List<String> inputs, Attribute... attributes) {
    nodes.add(
        new Node("n" + nodes.size(), operator, "", inputs, List.of(output), List.of(attributes)));
  }

  private OnnxModel model(long opset) {
    return model(Map.of("", opset), List.of("x"), List.of("y"));
  }

  private OnnxModel model(Map<String, Long> opsets, List<String> inputs, List<String> outputs) {
    Shape shape = inputShape;
    Graph graph =
        new Graph(
            "g",
            inputs.stream().map(n -> ValueInfo.of(n, ElementType.FLOAT, shape)).toList(),
            outputs.stream()
                .map(n -> new ValueInfo(n, ElementType.FLOAT, Optional.empty()))
                .toList(),
            nodes,
            constants,
            List.of());
    return new OnnxModel(8, opsets, "", Map.of(), graph);
  }

  private void assertRefused(OnnxModel model, String... words) {
    String message = Refusals.of(model);
    for (String word : words) {
      assertTrue(message.contains(word), "expected " + word + " in: " + message);
    }
  }

  @Test
  void aCycle() {
    node("Add", "a", List.of("x", "b"));
    node("Neg", "b", List.of("a"));
    node("Neg", "y", List.of("b"));
    assertRefused(model(17), "n0", "input b", "cyclic");
  }

  @Test
  void aValueMadeByItself() {
    node("Add", "y", List.of("x", "y"));
    assertRefused(model(17), "input y", "cyclic");
  }

  @Test
  void aValueDefinedLater() {
    node("Neg", "y", List.of("a"));
    node("Neg", "a", List.of("x"));
    assertRefused(model(17), "input a", "not in order");
  }

  @Test
  void aValueDefinedNowhere() {
    node("Add", "y", List.of("x", "weight"));
    assertRefused(model(17), "input weight", "initializer");
  }

  @Test
  void anOutputThatNobodyMakes() {
    node("Neg", "z", List.of("x"));
    assertRefused(model(17), "output y", "found none");
  }

  @Test
  void twoNodesOfOneOutput() {
    node("Neg", "y", List.of("x"));
    node("Exp", "y", List.of("x"));
    assertRefused(model(17), "value y is made twice", "n1");
  }

  @Test
  void aNodeThatOverwritesAnInputOrConstant() {
    node("Neg", "x", List.of("x"));
    node("Neg", "y", List.of("x"));
    assertRefused(model(17), "value x is made twice");
    nodes.clear();
    constants.put("w", Tensor.of(new float[6], 2, 3));
    node("Neg", "w", List.of("x"));
    node("Neg", "y", List.of("w"));
    assertRefused(model(17), "value w is made twice");
  }

  @Test
  void inputsOrOutputsOfOneName() {
    node("Neg", "y", List.of("x"));
    Map<String, Long> opset = Map.of("", 17L);
    assertRefused(model(opset, List.of("x", "x"), List.of("y")), "input x is declared twice");
    assertRefused(model(opset, List.of("x"), List.of("y", "y")), "output y is declared twice");
  }

  @ParameterizedTest
  @ValueSource(longs = {0, 27, 999, -5, Long.MAX_VALUE})
  void anUnknownOpset(long opset) {
    node("Neg", "y", List.of("x"));
    String message = Refusals.of(model(opset));
    assertTrue(message.contains(Long.toString(opset)), message);
  }

  @Test
  void noOpset() {
    node("Neg", "y", List.of("x"));
    Map<String, Long> others = Map.of("org.example", 1L);
    assertRefused(model(others, List.of("x"), List.of("y")), "operator set", "org.example");
  }

  @Test
  void anOperatorOfAnUnknownDomain() {
    nodes.add(new Node("odd", "Neg", "org.example", List.of("x"), List.of("y"), List.of()));
    Map<String, Long> opsets = Map.of("", 17L, "org.example", 1L);
    assertRefused(model(opsets, List.of("x"), List.of("y")), "org.example::Neg", "odd", "opset");
  }

  @Test
  void aNameThatTheDerivativeNeedsIsTakenWithANumber() {
    node("Neg", "grad/x", List.of("x"));
    node("Neg", "y", List.of("grad/x"));
    ReverseDifferentiator differentiator = ReverseDifferentiator.of(model(17));
    assertEquals("grad2/x", differentiator.gradientFor("x"));
    assertEquals("grad2/x", differentiator.differentiate().graph().outputs().get(1).name());
  }

  @Test
  void differentElementTypesInOneSum() {
    constants.put("k", Tensor.of(new long[] {1, 2, 3}, 3));
    node("Add", "y", List.of("x", "k"));
    assertRefused(model(17), "n0", "one element type", "FLOAT and INT64");
  }

  @Test
  void anAttributeOfAnotherKind() {
    node("Concat", "y", List.of("x", "x"), Attribute.string("axis", "one"));
    assertRefused(model(17), "n0", "attributes that fit together");
  }

  @Test
  void castsToNoType() {
    node("Cast", "y", List.of("x"), Attribute.integer("to", 99));
    assertRefused(model(17), "n0", "from 1 to 16, found 99");
  }

  @Test
  void sizesWhoseProductOverflows() {
    inputShape = Shape.fixed(1L << 40, 1L << 40);
    node("Flatten", "y", List.of("x"), Attribute.integer("axis", 0));
    assertRefused(model(17), "n0", "overflow");
  }

  @Test
  void negativeResultSizes() {
    node("Pad", "y", List.of("x"), Attribute.ints("pads", -5, 0, 0, 0));
    assertRefused(model(8), "n0", "found -3");
  }

  /** Terabytes that would only exist when the graph runs are not touched while it is derived. */
  @ParameterizedTest
  @CsvSource({
    "Expand, 1048576 1048576 2 3",
    "Tile, 1073741824 1073741824",
    "ConstantOfShape, 1099511627776 1048576",
    "Pad, 4611686018427387903 0 0 0"
  })
  void hugeResultsAreNotComputed(String operator, String numbers) {
    long[] values = Arrays.stream(numbers.split(" ", -1)).mapToLong(Long::parseLong).toArray();
    constants.put("s", Tensor.of(values, values.length));
    boolean plain = operator.equals("ConstantOfShape");
    node(operator, "h", plain ? List.of("s") : List.of("x", "s"));
    node("ReduceMax", "m", List.of("h"), Attribute.integer("keepdims", 0));
    node("Mul", "y", List.of("x", "m"));
    Refusals.differentiating(() -> OnnxCodec.read(OnnxCodec.toBytes(model(17))));
  }

  @Test
  void aHugeRange() {
    constants.put("from", Tensor.of(new long[] {0}));
    constants.put("to", Tensor.of(new long[] {Long.MAX_VALUE}));
    constants.put("step", Tensor.of(new long[] {1}));
    node("Range", "r", List.of("from", "to", "step"));
    node("Cast", "f", List.of("r"), Attribute.integer("to", 1));
    node("ReduceMax", "m", List.of("f"), Attribute.integer("keepdims", 0));
    node("Mul", "y", List.of("x", "m"));
    Refusals.differentiating(() -> OnnxCodec.read(OnnxCodec.toBytes(model(17))));
  }

  @ParameterizedTest
  @ValueSource(longs = {0, -1, 3, 16, Integer.MAX_VALUE, Long.MAX_VALUE})
  void aGroupThatDividesNoChannels(long group) {
    inputShape = Shape.fixed(1, 8, 4, 4);
    constants.put("w", Tensor.of(new float[8 * 8 * 9], 8, 8, 3, 3));
    node("Conv", "y", List.of("x", "w"), Attribute.integer("group", group));
    assertRefused(model(17), "divides 8 channels, found " + group);
  }

  @Test
  void aWindowThatNeedsAHugeHelper() {
    inputShape = Shape.fixed(1, 1, 1 << 20, 1 << 20);
    long half = 1L << 19;
    node(
        "AveragePool",
        "y",
        List.of("x"),
        Attribute.ints("kernel_shape", half, half),
        Attribute.ints("strides", 1, 1));
    assertRefused(model(17), "AveragePool", "n0", "too large");
  }

  /** Every gather of a tensor by itself doubles the number of axes. */
  @Test
  void ranksThatDouble() {
    constants.put("i", Tensor.of(new long[4], 2, 2));
    String value = "i";
    for (int i = 0; i < 50; i++) {
      node("Gather", "i" + i, List.of(value, value));
      value = "i" + i;
    }
    node("Cast", "f", List.of(value), Attribute.integer("to", 1));
    node("Add", "y", List.of("x", "f"));
    assertRefused(model(17), "at most 64 axes");
  }

  @Test
  void moreAxesThanAnybodyHas() {
    long[] axes = LongStream.range(0, 300_000).toArray();
    node("Unsqueeze", "y", List.of("x"), Attribute.ints("axes", axes));
    assertRefused(model(11), "n0", "at most 64 axes");
  }

  /** Names of values may hold anything; they do not run into each other. */
  @Test
  void lineBreaksInNames() {
    node("Exp", "a\nb", List.of("x"));
    nodes.add(
        new Node("s", "Split", "", List.of("x"), List.of("a", "b"), List.of(splitOfTwoRows())));
    node("Concat", "c", List.of("a", "b"), Attribute.integer("axis", 0));
    node("Mul", "y", List.of("a\nb", "c"));
    OnnxModel derived = ReverseDifferentiator.of(model(11)).differentiate();
    Tensor x = Tensor.of(new float[] {0, 1, 2, -1, -2, 0.5f}, 2, 3);
    Tensor seed = Tensor.of(new float[] {1, 1, 1, 1, 1, 1}, 2, 3);
    try (OrtGraph graph = new OrtGraph(derived)) {
      double[] gradient = graph.run(Map.of("x", x, "seed/y", seed)).get("grad/x");
      for (int i = 0; i < 6; i++) {
        double v = x.doubles()[i];
        assertEquals((1 + v) * Math.exp(v), gradient[i], 1e-5);
      }
    }
  }

  private static Attribute splitOfTwoRows() {
    return Attribute.ints("split", 1, 1);
  }

  /** A size named like those that are made up is another size. */
  @Test
  void namesOfSizesThatLookMadeUp() {
    inputShape = Shape.of(Dim.unknown(), Dim.symbolic("~0"), Dim.symbolic("~1"));
    node("Transpose", "t", List.of("x"), Attribute.ints("perm", 0, 2, 1));
    node("ReduceSum", "r", List.of("t"), Attribute.integer("keepdims", 1));
    node("Mul", "y", List.of("x", "r"));
    OnnxModel derived = ReverseDifferentiator.of(model(17)).differentiate();
    Tensor x = Tensor.of(new float[] {1, 2, 3, 4, 5, 6}, 1, 2, 3);
    Tensor seed = Tensor.of(new float[] {1, 0, 0, 0, 0, 0}, 1, 2, 3);
    try (OrtGraph graph = new OrtGraph(derived)) {
      double[] gradient = graph.run(Map.of("x", x, "seed/y", seed)).get("grad/x");
      assertEquals(22, gradient[0], 1e-4);
      assertEquals(1, gradient[5], 1e-4);
    }
  }
}
