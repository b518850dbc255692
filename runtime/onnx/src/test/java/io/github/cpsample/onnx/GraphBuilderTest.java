package io.github.cpsample.onnx;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Subgraphs and graphs inside graphs, as ONNX Runtime runs them. */
class GraphBuilderTest {
  private static final Shape PAIR = Shape.fixed(2);
  private static final Shape SCALAR = Shape.of();

  /** y = w x, in a branch when the flag is set and -x otherwise. */
  private static Graph branching(String name) {
    GraphBuilder g = new GraphBuilder(name, 17);
    Value x = g.input("x", ElementType.FLOAT, PAIR);
    Value positive =
        g.node(
            "Greater",
            List.of(
                g.node("ReduceSum", List.of(x), Attribute.integer("keepdims", 0)),
                g.constant("zero", new float[] {0})));
    Value w = g.constant("w", new float[] {2, 3}, 2);
    GraphBuilder then = g.subgraph("then");
    then.output("scaled", then.node("Mul", List.of(x, w)), ElementType.FLOAT, PAIR);
    GraphBuilder otherwise = g.subgraph("otherwise");
    otherwise.output("negated", otherwise.node("Neg", List.of(x)), ElementType.FLOAT, PAIR);
    Value y =
        g.node(
            "If",
            List.of(positive),
            Attribute.graph("then_branch", then.graph()),
            Attribute.graph("else_branch", otherwise.graph()));
    g.output("y", y, ElementType.FLOAT, PAIR);
    return g.build().graph();
  }

  @Test
  void aGraphThatBranchesIsInlinedTwiceAndSharesItsConstants() {
    Graph inner = branching("inner");
    GraphBuilder g = new GraphBuilder("outer", 17);
    Value x = g.input("x", ElementType.FLOAT, PAIR);
    Map<String, Value> bound = new HashMap<>();
    inner
        .initializers()
        .forEach((name, tensor) -> bound.put(name, g.constant("shared/" + name, tensor)));
    bound.put("x", x);
    Value once = g.inline(inner, "first/", bound).get("y");
    bound.put("x", once);
    Value twice = g.inline(inner, "second/", bound).get("y");
    g.output("y", twice, ElementType.FLOAT, PAIR);
    OnnxModel model = g.build();
    assertEquals(2, model.graph().initializers().size());
    OnnxModel read = OnnxCodec.read(OnnxCodec.toBytes(model));
    try (OrtGraph graph = new OrtGraph(read)) {
      assertArrayEquals(new double[] {4, 9}, run(graph, 1, 1));
      assertArrayEquals(new double[] {2, 6}, run(graph, -1, -2));
    }
  }

  private static double[] run(OrtGraph graph, float a, float b) {
    return graph.run(Map.of("x", Tensor.of(new float[] {a, b}, 2))).get("y");
  }

  @Test
  void inputsMustBeBound() {
    GraphBuilder g = new GraphBuilder("outer", 17);
    IllegalArgumentException e =
        assertThrows(
            IllegalArgumentException.class, () -> g.inline(branching("inner"), "a/", Map.of()));
    assertTrue(e.getMessage().endsWith("expected a value for input x"), e.getMessage());
  }

  @Test
  void prefixesAreUsedOnce() {
    GraphBuilder g = new GraphBuilder("outer", 17);
    Value x = g.input("x", ElementType.FLOAT, PAIR);
    g.inline(branching("inner"), "a/", Map.of("x", x));
    assertThrows(
        IllegalArgumentException.class, () -> g.inline(branching("inner"), "a/", Map.of("x", x)));
  }

  @Test
  void valuesOfABranchStayInside() {
    GraphBuilder g = new GraphBuilder("outer", 17);
    Value inside = g.subgraph("branch").constant(Tensor.of(new float[] {1}, 1));
    assertThrows(IllegalArgumentException.class, () -> g.node("Neg", List.of(inside)));
  }

  @Test
  void inputsMayHaveADefault() {
    GraphBuilder g = new GraphBuilder("outer", 17);
    Value x = g.input("x", ElementType.FLOAT, PAIR);
    Value factor = g.input("factor", ElementType.FLOAT, SCALAR, Tensor.of(new float[] {5}));
    g.output("y", g.node("Mul", List.of(x, factor)), ElementType.FLOAT, PAIR);
    OnnxModel model = g.build();
    assertEquals(
        List.of("x"), model.graph().requiredInputs().stream().map(ValueInfo::name).toList());
    try (OrtGraph graph = new OrtGraph(model)) {
      assertArrayEquals(new double[] {5, 10}, run(graph, 1, 2));
    }
  }
}
