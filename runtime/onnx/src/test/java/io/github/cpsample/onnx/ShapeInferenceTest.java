package io.github.cpsample.onnx;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ShapeInferenceTest {

  private final GraphBuilder g = new GraphBuilder("shapes", 17);
  private final Value x =
      g.input(
          "x",
          ElementType.FLOAT,
          Shape.of(Dim.symbolic("N"), Dim.of(4), Dim.symbolic("H"), Dim.of(6)));

  private Shape shape(Value value) {
    return ShapeInference.infer(g.build()).shape(value.name()).orElseThrow();
  }

  private Value integers(String name, long... values) {
    return g.constant(name, values, values.length);
  }

  @Test
  void followsShapesThroughIntegerArithmetic() {
    Value shape = g.shapeOf(x);
    Value batch = g.gather(shape, integers("first", 0));
    Value target = g.concat(List.of(batch, integers("rest", -1)), 0);
    Value flat = g.reshape(x, target);
    Value back = g.reshape(flat, shape);
    assertEquals(Dim.symbolic("N"), shape(flat).dim(0));
    assertEquals(ShapeInference.infer(g.build()).shape("x"), Optional.of(shape(back)));
  }

  @Test
  void equalExpressionsOfSymbolsAreEqualSizes() {
    Attribute two = Attribute.ints("strides", 2, 2);
    Value a = g.node("MaxPool", List.of(x), Attribute.ints("kernel_shape", 2, 2), two);
    Value b = g.node("AveragePool", List.of(x), Attribute.ints("kernel_shape", 2, 2), two);
    Value c = g.node("MaxPool", List.of(x), Attribute.ints("kernel_shape", 3, 3), two);
    assertTrue(shape(a).dim(2).certainlyEquals(shape(b).dim(2)));
    assertFalse(shape(a).dim(2).certainlyEquals(shape(c).dim(2)));
    assertEquals(3, shape(a).dim(3).size());
  }

  @Test
  void namesOfOutputSizesAreNotBelievedWhereTheyRepeat() {
    g.output("u", g.relu(x), ElementType.FLOAT, Shape.of(Dim.symbolic("dim")));
    g.output("v", g.relu(x), ElementType.FLOAT, Shape.of(Dim.symbolic("dim")));
    g.output("w", g.relu(x), ElementType.FLOAT, Shape.of(Dim.symbolic("N")));
    Graph graph = g.build().graph();
    DeclaredSizes sizes = DeclaredSizes.of(graph);
    List<String> trusted =
        graph.outputs().stream()
            .map(output -> sizes.trusted(output).shape().orElseThrow().toString())
            .toList();
    assertEquals(List.of("[?]", "[?]", "[N]"), trusted);
  }

  @Test
  void refusesNodesWhoseArgumentsContradictEachOther() {
    g.transpose(x, 0, 1, 2, 9);
    MalformedModelException refusal =
        assertThrows(MalformedModelException.class, () -> ShapeInference.infer(g.build()));
    assertTrue(refusal.getMessage().contains("Transpose"), refusal.getMessage());
  }

  /** Expected values: Python's range over the same slice. */
  @ParameterizedTest
  @CsvSource({
    "6, 1, 4, 1, 1, 3",
    "6, -3, -1, 1, 3, 2",
    "6, -10, 100, 2, 0, 3",
    "6, -1, -100, -1, 5, 6",
    "6, 4, -100, -3, 4, 2",
    "6, 3, 3, 1, 3, 0",
    "6, 100, -100, -4, 5, 2",
    "0, 0, 9, 1, 0, 0",
    "0, -1, -100, -1, -1, 0"
  })
  void sliceRanges(long size, long start, long end, long step, long first, long count) {
    SliceRange range = SliceRange.of(size, start, end, step);
    assertArrayEquals(new long[] {first, count}, new long[] {range.start(), range.count()});
  }

  @Test
  void inventoryCountsNestedGraphsToo() throws IOException {
    ValueInfo out = ValueInfo.of("inner", ElementType.FLOAT, Shape.of());
    Node neg = new Node("neg", "Neg", "", List.of("x"), List.of("inner"), List.of());
    Graph branch = new Graph("b", List.of(), List.of(out), List.of(neg), Map.of(), List.of());
    Value condition = g.input("condition", ElementType.BOOL, Shape.of());
    Value y =
        g.node(
            "If",
            List.of(condition),
            Attribute.graph("then_branch", branch),
            Attribute.graph("else_branch", branch));
    g.output("y", y, ElementType.FLOAT, Shape.of());
    OnnxModel read = OnnxCodec.read(new ByteArrayInputStream(OnnxCodec.toBytes(g.build())));
    assertEquals(
        List.of("Identity opset 17 x 1", "If opset 17 x 1", "Neg opset 17 x 2"),
        OperatorInventory.of(read).entries().stream().map(Object::toString).toList());
  }
}
