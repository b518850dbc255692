package io.github.cpsample.onnx.autodiff;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.cpsample.onnx.Attribute;
import io.github.cpsample.onnx.ElementType;
import io.github.cpsample.onnx.Graph;
import io.github.cpsample.onnx.GraphBuilder;
import io.github.cpsample.onnx.Node;
import io.github.cpsample.onnx.OnnxModel;
import io.github.cpsample.onnx.OrtGraph;
import io.github.cpsample.onnx.Shape;
import io.github.cpsample.onnx.Tensor;
import io.github.cpsample.onnx.Value;
import io.github.cpsample.onnx.ValueInfo;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What is differentiated, what passes as a constant, and what is refused. */
class ActivityTest {

  private final GraphBuilder g = new GraphBuilder("activity", 17);
  private final Value x = g.input("x", ElementType.FLOAT, Shape.fixed(2, 3));

  private OnnxModel giving(Value y) {
    g.output("y", y, ElementType.FLOAT, Shape.fixed(2, 3));
    return g.build();
  }

  private static String refusal(OnnxModel model) {
    return assertThrows(
            UnsupportedOperatorException.class,
            () -> ReverseDifferentiator.of(model).differentiate())
        .getMessage();
  }

  @Test
  void anIntegerResultOnTheWayIsRefusedByName() {
    Value best = g.node("ArgMax", List.of(x), Attribute.integer("axis", 1));
    Value back = g.cast(best, ElementType.FLOAT);
    String message = refusal(giving(g.mul(x, back)));
    assertTrue(message.contains("ArgMax") && message.contains("opset 17"), message);
  }

  /** A body that reads x from around it must not be taken for a constant. */
  @Test
  void aLoopOfUnknownLengthThatReadsAnActiveValueIsRefused() {
    ValueInfo trip = ValueInfo.of("trip", ElementType.INT64, Shape.of());
    ValueInfo go = ValueInfo.of("go", ElementType.BOOL, Shape.of());
    ValueInfo state = ValueInfo.of("state", ElementType.FLOAT, Shape.fixed(2, 3));
    ValueInfo on = ValueInfo.of("on", ElementType.BOOL, Shape.of());
    ValueInfo next = ValueInfo.of("next", ElementType.FLOAT, Shape.fixed(2, 3));
    Node same = new Node("same", "Identity", "", List.of("go"), List.of("on"), List.of());
    Node add = new Node("add", "Add", "", List.of("state", "x"), List.of("next"), List.of());
    Graph body =
        new Graph(
            "body",
            List.of(trip, go, state),
            List.of(on, next),
            List.of(same, add),
            Map.of(),
            List.of());
    Value count = g.input("count", ElementType.INT64, Shape.of());
    Value start = g.constant("start", new float[6], 2, 3);
    Value y = g.node("Loop", List.of(count, g.omitted(), start), Attribute.graph("body", body));
    String message = refusal(giving(y));
    assertTrue(message.contains("Operator Loop"), message);
  }

  /** An operator without rule is found inside a branch as well. */
  @Test
  void aBranchThatCannotBeDifferentiatedIsRefused() {
    ValueInfo out = ValueInfo.of("inner", ElementType.FLOAT, Shape.fixed(2, 3));
    Node hard = new Node("hard", "Bernoulli", "", List.of("x"), List.of("inner"), List.of());
    Graph branch = new Graph("branch", List.of(), List.of(out), List.of(hard), Map.of(), List.of());
    Value condition = g.input("condition", ElementType.BOOL, Shape.of());
    Value y =
        g.node(
            "If",
            List.of(condition),
            Attribute.graph("then_branch", branch),
            Attribute.graph("else_branch", branch));
    String message = refusal(giving(y));
    assertTrue(message.contains("Operator Bernoulli"), message);
  }

  @Test
  void comparisonsAndShapesPassAsConstants() {
    Value sign = g.node("Sign", List.of(x));
    Value positive = g.greater(x, g.constant("zero", new float[1], 1));
    Value mask = g.cast(positive, ElementType.FLOAT);
    Value shape = g.shapeOf(x);
    Value product = g.mul(g.mul(x, sign), mask);
    OnnxModel derived = ReverseDifferentiator.of(giving(g.reshape(product, shape))).differentiate();
    float[] values = {1, -2, 3, -4, 5, -6};
    float[] ones = {1, 1, 1, 1, 1, 1};
    try (OrtGraph graph = new OrtGraph(derived)) {
      double[] gradient =
          graph
              .run(Map.of("x", Tensor.of(values, 2, 3), "seed/y", Tensor.of(ones, 2, 3)))
              .get("grad/x");
      assertArrayEquals(new double[] {1, 0, 1, 0, 1, 0}, gradient, 1e-7);
    }
  }

  @Test
  void aValueOfSeveralConsumersCollectsFromAll() {
    Value square = g.mul(x, x);
    Value sum = g.node("Sum", List.of(square, x, g.neg(square), square));
    OnnxModel derived = ReverseDifferentiator.of(giving(sum)).differentiate();
    float[] values = {1, 2, 3, 4, 5, 6};
    float[] seed = {1, -1, 2, 0.5f, 1, 3};
    try (OrtGraph graph = new OrtGraph(derived)) {
      double[] gradient =
          graph
              .run(Map.of("x", Tensor.of(values, 2, 3), "seed/y", Tensor.of(seed, 2, 3)))
              .get("grad/x");
      double[] expected = new double[6];
      for (int i = 0; i < 6; i++) {
        expected[i] = seed[i] * (2 * values[i] + 1);
      }
      assertArrayEquals(expected, gradient, 1e-5);
    }
  }

  /** The mean that layer normalisation gives besides is no constant. */
  @Test
  void aSecondOutputCounts() {
    Value ones = g.constant("ones", new float[] {1, 1, 1}, 3);
    List<Value> parts = g.nodes("LayerNormalization", List.of(x, ones), 2);
    OnnxModel model = giving(g.mul(parts.get(0), parts.get(1)));
    OnnxModel derived = ReverseDifferentiator.of(model).differentiate();
    Tensor point = Tensor.of(new float[] {1, -2, 3, 4, 5, -6}, 2, 3);
    try (VectorJacobianCheck check = new VectorJacobianCheck(model, derived, 1e-2, 1e-2)) {
      check.check(Map.of("x", point), new Random(1), 2);
    }
  }

  @Test
  void operationsAreNotRepeated() {
    Value a = g.sin(x);
    Value b = g.sin(x);
    Value cosine = g.cos(x);
    OnnxModel derived =
        ReverseDifferentiator.of(giving(g.node("Sum", List.of(a, b, cosine)))).differentiate();
    long cosines = derived.graph().nodes().stream().filter(n -> n.operator().equals("Cos")).count();
    assertTrue(cosines == 1, "the model's own cosine serves the rule too, found " + cosines);
  }
}
