package io.github.cpsample.onnx.autodiff;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.cpsample.onnx.Attribute;
import io.github.cpsample.onnx.Dim;
import io.github.cpsample.onnx.ElementType;
import io.github.cpsample.onnx.GraphBuilder;
import io.github.cpsample.onnx.MalformedModelException;
import io.github.cpsample.onnx.Node;
import io.github.cpsample.onnx.OnnxModel;
import io.github.cpsample.onnx.OrtGraph;
import io.github.cpsample.onnx.Shape;
import io.github.cpsample.onnx.Tensor;
import io.github.cpsample.onnx.Value;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ReverseDifferentiatorTest {

  private static final Shape VECTORS = Shape.of(Dim.symbolic("N"), Dim.of(2));

  /** u = a b, v = a + sin(b) over doubles, and an input c that nothing depends on. */
  private static OnnxModel twoOutputs() {
    GraphBuilder g = new GraphBuilder("two", 17);
    Value a = g.input("a", ElementType.DOUBLE, VECTORS);
    Value b = g.input("b", ElementType.DOUBLE, VECTORS);
    g.input("c", ElementType.DOUBLE, VECTORS);
    g.input("k", ElementType.INT64, Shape.of(Dim.symbolic("N")));
    g.output("u", g.mul(a, b), ElementType.DOUBLE, VECTORS);
    Value sine = g.sin(b);
    g.output("v", g.add(a, sine), ElementType.DOUBLE, VECTORS);
    return g.build().withMetadata("who", "test");
  }

  @Test
  void severalOutputsAndInputsAtOnce() {
    OnnxModel derived = ReverseDifferentiator.of(twoOutputs()).differentiate();
    Tensor a = Tensor.of(new double[] {1, 2}, 1, 2);
    Tensor b = Tensor.of(new double[] {3, 4}, 1, 2);
    Tensor k = Tensor.of(new long[] {0}, 1);
    Tensor su = Tensor.of(new double[] {0.5, -1}, 1, 2);
    Tensor sv = Tensor.of(new double[] {2, 3}, 1, 2);
    try (OrtGraph graph = new OrtGraph(derived)) {
      Map<String, double[]> found =
          graph.run(Map.of("a", a, "b", b, "c", a, "k", k, "seed/u", su, "seed/v", sv));
      assertArrayEquals(new double[] {3, 8}, found.get("u"), 1e-12);
      assertArrayEquals(new double[] {0.5 * 3 + 2, -4 + 3}, found.get("grad/a"), 1e-12);
      assertArrayEquals(
          new double[] {0.5 * 1 + 2 * Math.cos(3), -2 + 3 * Math.cos(4)},
          found.get("grad/b"),
          1e-12);
      assertArrayEquals(new double[] {0, 0}, found.get("grad/c"));
      assertFalse(found.containsKey("grad/k"));
    }
  }

  @Test
  void keepsNamesMetadataAndOpset() {
    OnnxModel model = twoOutputs();
    OnnxModel derived =
        ReverseDifferentiator.of(model).outputs("v").withRespectTo("b").differentiate();
    assertEquals(model.opsets(), derived.opsets());
    assertEquals("test", derived.metadata().get("who"));
    assertEquals(
        List.of("a", "b", "c", "k", "seed/v"),
        derived.graph().inputs().stream().map(i -> i.name()).toList());
    assertEquals(
        List.of("u", "v", "grad/b"),
        derived.graph().outputs().stream().map(o -> o.name()).toList());
  }

  @Test
  void refusesNamesThatAreNoFloatingPointValues() {
    ReverseDifferentiator all = ReverseDifferentiator.of(twoOutputs());
    IllegalArgumentException refusal =
        assertThrows(IllegalArgumentException.class, () -> all.withRespectTo("k"));
    assertTrue(refusal.getMessage().contains("[a, b, c, "), refusal.getMessage());
    assertThrows(IllegalArgumentException.class, () -> all.outputs("w"));
  }

  @Test
  void anOperatorWithoutARuleIsNamedWithNodeAndOpset() {
    GraphBuilder g = new GraphBuilder("lstm", 17);
    Value x = g.input("x", ElementType.FLOAT, Shape.fixed(2, 2));
    Value y = g.node("Bernoulli", List.of(x));
    g.output("y", y, ElementType.FLOAT, Shape.fixed());
    UnsupportedOperatorException refusal =
        assertThrows(
            UnsupportedOperatorException.class,
            () -> ReverseDifferentiator.of(g.build()).differentiate());
    assertTrue(refusal.getMessage().contains("Bernoulli"), refusal.getMessage());
    assertTrue(refusal.getMessage().contains(y.name()), refusal.getMessage());
    assertTrue(refusal.getMessage().contains("opset 17"), refusal.getMessage());
  }

  @Test
  void anOperatorThatIsNotOnTheWayNeedsNoRule() {
    GraphBuilder g = new GraphBuilder("side", 17);
    Value x = g.input("x", ElementType.FLOAT, Shape.fixed(2, 2));
    Value t = g.input("t", ElementType.FLOAT, Shape.fixed(2, 2));
    Value side = g.node("Det", List.of(t));
    g.output("y", g.mul(x, side), ElementType.FLOAT, Shape.fixed(2, 2));
    OnnxModel derived = ReverseDifferentiator.of(g.build()).withRespectTo("x").differentiate();
    assertEquals(3, derived.graph().inputs().size());
  }

  /** Nothing that depends only on the timestep is differentiated. */
  @Test
  void timeOnlyPathsGetNoBackwardNodes() {
    GraphBuilder g = new GraphBuilder("time", 17);
    Value x = g.input("x", ElementType.FLOAT, Shape.fixed(1, 8, 4, 4));
    Value t = g.input("t", ElementType.FLOAT, Shape.fixed(1, 1));
    Value w = g.constant("w", new float[2], 1, 2);
    Value embedded = g.sigmoid(g.matMul(t, w));
    Value bias = g.reshape(embedded, g.constant("shape", new long[] {1, 2, 1, 1}, 4));
    Value k = g.constant("k", new float[144], 2, 8, 3, 3);
    Value h = g.node("Conv", List.of(x, k), Attribute.ints("pads", 1, 1, 1, 1));
    g.output("y", g.add(h, bias), ElementType.FLOAT, Shape.fixed(1, 2, 4, 4));
    OnnxModel derived = ReverseDifferentiator.of(g.build()).withRespectTo("x").differentiate();
    List<String> added =
        derived.graph().nodes().stream()
            .filter(n -> n.name().startsWith("adjoint."))
            .map(Node::operator)
            .toList();
    assertEquals(List.of("Conv"), added);
  }

  /** The second derivative of the sum of x^3 is 6 x. */
  @Test
  void aDerivedModelIsDerivedAgain() {
    GraphBuilder g = new GraphBuilder("cube", 17);
    Value x = g.input("x", ElementType.DOUBLE, Shape.fixed(3));
    Value square = g.mul(x, x);
    g.output("y", g.mul(square, x), ElementType.DOUBLE, Shape.fixed(3));
    OnnxModel first = ReverseDifferentiator.of(g.build()).differentiate();
    ReverseDifferentiator again =
        ReverseDifferentiator.of(first).outputs("grad/x").withRespectTo("x");
    double[] ones = {1, 1, 1};
    double[] way = {1, 2, -1};
    try (OrtGraph graph = new OrtGraph(again.differentiate())) {
      double[] product =
          graph
              .run(
                  Map.of(
                      "x",
                      Tensor.of(new double[] {1, -2, 0.5}, 3),
                      "seed/y",
                      Tensor.of(ones, 3),
                      again.seedFor("grad/x"),
                      Tensor.of(way, 3)))
              .get(again.gradientFor("x"));
      assertArrayEquals(new double[] {6, -24, -3}, product, 1e-9);
    }
  }

  @Test
  void aModelOnTokensIsDifferentiatedFromItsEmbeddingOn() {
    GraphBuilder g = new GraphBuilder("text", 17);
    Value ids = g.input("ids", ElementType.INT64, Shape.fixed(2));
    Value table = g.constant("table", new float[] {1, 2, 3, 4, 5, 6}, 3, 2);
    Value rows = g.gather(table, ids);
    g.output("y", g.mul(rows, rows), ElementType.FLOAT, Shape.fixed(2, 2));
    OnnxModel model = g.build();
    MalformedModelException refusal =
        assertThrows(
            MalformedModelException.class, () -> ReverseDifferentiator.of(model).differentiate());
    assertTrue(refusal.getMessage().contains(rows.name()), refusal.getMessage());
    OnnxModel derived = ReverseDifferentiator.of(model).withRespectTo(rows.name()).differentiate();
    try (OrtGraph graph = new OrtGraph(derived)) {
      double[] gradient =
          graph
              .run(
                  Map.of(
                      "ids", Tensor.of(new long[] {2, 0}, 2),
                      "seed/y", Tensor.of(new float[] {1, 1, 1, 1}, 2, 2)))
              .get("grad/" + rows.name());
      assertArrayEquals(new double[] {10, 12, 2, 4}, gradient, 1e-6);
    }
  }
}
