package io.github.cpsample.onnx.autodiff;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.cpsample.onnx.Attribute;
import io.github.cpsample.onnx.Dim;
import io.github.cpsample.onnx.ElementType;
import io.github.cpsample.onnx.GraphBuilder;
import io.github.cpsample.onnx.OnnxModel;
import io.github.cpsample.onnx.OrtGraph;
import io.github.cpsample.onnx.Shape;
import io.github.cpsample.onnx.Tensor;
import io.github.cpsample.onnx.Value;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Gradients where functions end, jump or bend, and of nothing. */
class EdgeOfDomainTest {

  /** Windows on pixels: where sizes are not known, of the images only their number may be 0. */
  private static final Set<String> OF_PIXELS =
      Set.of("Conv", "GridSample", "LRN", "Resize", "RoiAlign");

  /** The first opset whose {@code Reshape} can be given a size of 0. */
  private static final int SIZES_OF_ZERO = 14;

  @ParameterizedTest(name = "{0}")
  @MethodSource("io.github.cpsample.onnx.autodiff.EdgeOfDomain#functions")
  void functionsOfOneValue(String operator, List<Attribute> attributes, double[] expected) {
    float[] places = EdgeOfDomain.places();
    GraphBuilder g = new GraphBuilder(operator, 17);
    Value x = g.input("a", ElementType.FLOAT, Shape.fixed(places.length));
    Value y = g.node(operator, List.of(x), attributes.toArray(Attribute[]::new));
    g.output("y", y, ElementType.FLOAT, Shape.fixed(places.length));
    Map<String, Tensor> point = Map.of("a", Tensor.of(places, places.length));
    EdgeOfDomain.assertClose(expected, gradients(g.build(), point).get("grad/a"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("io.github.cpsample.onnx.autodiff.EdgeOfDomain#pairs")
  void functionsOfTwoValues(String operator, double[] a, double[] b, double[] ga, double[] gb) {
    GraphBuilder g = new GraphBuilder(operator, 17);
    Value first = g.input("a", ElementType.FLOAT, Shape.fixed(a.length));
    Value second = g.input("b", ElementType.FLOAT, Shape.fixed(b.length));
    Value y = g.node(operator, List.of(first, second));
    g.output("y", y, ElementType.FLOAT, Shape.fixed(a.length));
    Map<String, Tensor> point = new HashMap<>();
    point.put("a", Tensor.of(Constants.floats(a), a.length));
    point.put("b", Tensor.of(Constants.floats(b), b.length));
    Map<String, double[]> found = gradients(g.build(), point);
    EdgeOfDomain.assertClose(ga, found.get("grad/a"));
    EdgeOfDomain.assertClose(gb, found.get("grad/b"));
  }

  /** The gradients for cotangents of one. */
  private static Map<String, double[]> gradients(OnnxModel model, Map<String, Tensor> point) {
    try (OrtGraph graph = new OrtGraph(ReverseDifferentiator.of(model).differentiate())) {
      int count = point.get("a").size();
      float[] seed = new float[count];
      Arrays.fill(seed, 1);
      Map<String, Tensor> given = new HashMap<>(point);
      given.put("seed/y", Tensor.of(seed, count));
      return graph.run(given);
    }
  }

  /**
   * What becomes empty only while the graph runs gives a gradient of zeros, of the input's size.
   */
  @ParameterizedTest
  @CsvSource({"1, 14", "2, 14", "3, 14", "1, 21", "2, 21", "1, 24", "2, 24"})
  void slicesThatTurnOutEmpty(int end, int opset) {
    GraphBuilder g = new GraphBuilder("slice", opset);
    Value a = g.input("a", ElementType.FLOAT, Shape.fixed(4, 3));
    Value n = g.input("n", ElementType.FLOAT, Shape.fixed(1));
    Value ends = g.node("Cast", List.of(n), Attribute.integer("to", ElementType.INT64.code()));
    Value from = g.constant("from", new long[] {2}, 1);
    Value axes = g.constant("axes", new long[] {0}, 1);
    Value kept = g.node("Slice", List.of(a, from, ends, axes));
    Value doubled = g.node("Add", List.of(kept, kept));
    g.output("y", doubled, ElementType.FLOAT, Shape.of(Dim.unknown(), Dim.of(3)));
    int rows = Math.max(0, end - 2);
    Map<String, Tensor> given = new HashMap<>();
    given.put("a", Tensor.of(new float[12], 4, 3));
    given.put("n", Tensor.of(new float[] {end}, 1));
    float[] seed = new float[3 * rows];
    Arrays.fill(seed, 1);
    given.put("seed/y", Tensor.of(seed, rows, 3));
    try (OrtGraph graph = new OrtGraph(ReverseDifferentiator.of(g.build()).differentiate())) {
      double[] expected = new double[12];
      Arrays.fill(expected, 6, 6 + 3 * rows, 2);
      assertArrayEquals(expected, graph.run(given).get("grad/a"));
    }
  }

  /** Of no rows the gradient of a matrix is zeros. */
  @ParameterizedTest
  @ValueSource(strings = {"0", "2 0", "0 2", "2 0 5"})
  void productsOfNoRows(String rows) {
    long[] stack = Arrays.stream((rows + " 3").split(" ")).mapToLong(Long::parseLong).toArray();
    long[] result = stack.clone();
    result[result.length - 1] = 4;
    GraphBuilder g = new GraphBuilder("product", 17);
    Dim[] free = new Dim[stack.length];
    Arrays.fill(free, Dim.unknown());
    free[free.length - 1] = Dim.of(3);
    Value a = g.input("a", ElementType.DOUBLE, Shape.of(free));
    Value b = g.input("b", ElementType.DOUBLE, Shape.fixed(3, 4));
    free[free.length - 1] = Dim.of(4);
    g.output("y", g.node("MatMul", List.of(a, b)), ElementType.DOUBLE, Shape.of(free));
    Map<String, Tensor> given = new HashMap<>();
    given.put("a", Tensor.of(new double[0], stack));
    given.put("b", Tensor.of(new double[12], 3, 4));
    given.put("seed/y", Tensor.of(new double[0], result));
    try (OrtGraph graph = new OrtGraph(ReverseDifferentiator.of(g.build()).differentiate())) {
      Map<String, double[]> found = graph.run(given);
      assertArrayEquals(new double[12], found.get("grad/b"));
      assertArrayEquals(stack, graph.shape("grad/a"));
    }
  }

  /** As {@link #productsOfNoRows}, of stacks, where memory was used before. */
  @ParameterizedTest
  @CsvSource({"0, 2", "3, 0"})
  void productsOfStacks(int rows, int columns) {
    GraphBuilder g = new GraphBuilder("product", 17);
    Dim two = Dim.of(2);
    Value a =
        g.input("a", ElementType.DOUBLE, Shape.of(two, Dim.of(4), Dim.symbolic("n"), Dim.of(3)));
    Value b =
        g.input("b", ElementType.DOUBLE, Shape.of(two, Dim.of(4), Dim.of(3), Dim.symbolic("m")));
    Shape result = Shape.of(two, Dim.of(4), Dim.symbolic("n"), Dim.symbolic("m"));
    g.output("y", g.node("MatMul", List.of(a, b)), ElementType.DOUBLE, result);
    try (OrtGraph graph = new OrtGraph(ReverseDifferentiator.of(g.build()).differentiate())) {
      graph.run(stacks(3, 2));
      Map<String, double[]> found = graph.run(stacks(rows, columns));
      assertArrayEquals(new double[8 * rows * 3], found.get("grad/a"));
      assertArrayEquals(new double[8 * 3 * columns], found.get("grad/b"));
    }
  }

  private static Map<String, Tensor> stacks(int rows, int columns) {
    return Map.of(
        "a", ones(2, 4, rows, 3), "b", ones(2, 4, 3, columns), "seed/y", ones(2, 4, rows, columns));
  }

  private static Tensor ones(long... sizes) {
    double[] values = new double[(int) Arrays.stream(sizes).reduce(1, (a, b) -> a * b)];
    Arrays.fill(values, 1);
    return Tensor.of(values, sizes);
  }

  /** Where nothing is scattered the data's gradient is the result's. */
  @ParameterizedTest
  @CsvSource({
    "ScatterElements, none", "ScatterElements, add", "ScatterElements, mul", "ScatterElements, max",
    "ScatterND, none", "ScatterND, add", "ScatterND, mul", "ScatterND, max"
  })
  void nothingScattered(String operator, String reduction) {
    for (int rows : new int[] {0, 2}) {
      GraphBuilder g = new GraphBuilder("scatter", 18);
      Shape open = Shape.of(Dim.unknown(), Dim.of(3));
      long width = operator.equals("ScatterND") ? 1 : 3;
      Value data = g.input("a", ElementType.DOUBLE, open);
      Value places = g.input("places", ElementType.INT64, Shape.of(Dim.unknown(), Dim.of(width)));
      Value updates = g.input("b", ElementType.DOUBLE, open);
      Attribute reduced = Attribute.string("reduction", reduction);
      Value y = g.node(operator, List.of(data, places, updates), reduced);
      g.output("y", y, ElementType.DOUBLE, open);
      Map<String, Tensor> given =
          Map.of(
              "a", ones(rows, 3),
              "places", Tensor.of(new long[0], 0, width),
              "b", ones(0, 3),
              "seed/y", ones(rows, 3));
      try (OrtGraph graph = new OrtGraph(ReverseDifferentiator.of(g.build()).differentiate())) {
        Map<String, double[]> found = graph.run(given);
        double[] all = new double[3 * rows];
        Arrays.fill(all, 1);
        assertArrayEquals(all, found.get("grad/a"));
        assertArrayEquals(new long[] {0, 3}, graph.shape("grad/b"));
      }
    }
  }

  /** Of vectors without elements the gradients have none. */
  @Test
  void productsOfEmptyVectors() {
    GraphBuilder g = new GraphBuilder("product", 17);
    Value a = g.input("a", ElementType.DOUBLE, Shape.of(Dim.unknown()));
    Value b = g.input("b", ElementType.DOUBLE, Shape.of(Dim.unknown()));
    g.output("y", g.node("MatMul", List.of(a, b)), ElementType.DOUBLE, Shape.fixed());
    Map<String, Tensor> given = new HashMap<>();
    given.put("a", Tensor.of(new double[0], 0));
    given.put("b", Tensor.of(new double[0], 0));
    given.put("seed/y", Tensor.of(new double[] {1}));
    try (OrtGraph graph = new OrtGraph(ReverseDifferentiator.of(g.build()).differentiate())) {
      graph.run(given);
      assertArrayEquals(new long[] {0}, graph.shape("grad/a"));
      assertArrayEquals(new long[] {0}, graph.shape("grad/b"));
    }
  }

  static List<OperatorCase> cases() {
    return OperatorCases.all().stream()
        .filter(use -> use.model(false).opset() >= SIZES_OF_ZERO)
        .toList();
  }

  /**
   * Every case with every size in turn replaced by 0, known or not, where ONNX Runtime runs that.
   */
  @ParameterizedTest
  @MethodSource("cases")
  void tensorsWithoutElements(OperatorCase use) {
    OnnxModel open = use.model(true);
    for (List<long[]> sizes : emptied(use)) {
      OperatorCase empty = use.like(open.opset(), sizes);
      if (!isWrongForward(empty)) {
        check(empty, empty.model(false));
        if (!OF_PIXELS.contains(use.operator()) || isOfNoImages(sizes.get(0))) {
          check(empty, open);
        }
      }
    }
  }

  private static boolean isOfNoImages(long... sizes) {
    return sizes[0] == 0 && Arrays.stream(sizes).skip(1).allMatch(size -> size > 0);
  }

  /** Where ONNX Runtime ends the process, or gives another shape than by the standard. */
  private static boolean isWrongForward(OperatorCase use) {
    String name = use.toString();
    long[] first = use.inputs().get(0);
    return switch (use.operator()) {
      case "ReduceSum" -> name.startsWith("ReduceSum of nothing");
      // takes operands of no rows whatever their other sizes are
      case "Concat" -> name.startsWith("Concat with a constant") && first[0] == 0;
      // the stacks are not broadcast
      case "MatMul" -> first.length == 4 && first[3] == 0;
      // divides by the number of rows
      case "TopK" -> first[0] == 0;
      // looks for pixels where there are none
      case "RoiAlign" -> first[2] == 0 || first[3] == 0;
      // divide by a length
      case "DFT" -> first[0] != 0;
      case "STFT" -> use.inputs().stream().anyMatch(one -> one.length == 1 && one[0] == 0);
      case "LpNormalization" -> first[normalizedAxis(use)] == 0;
      case "GRU" -> true;
      // divides by a size of the operand whose axes it reorders
      case "Einsum" ->
          name.startsWith("Einsum iji,jk->ik")
              || (name.startsWith("Einsum i...") && first[0] == 0)
              || (name.startsWith("Einsum bhq")
                  && Arrays.stream(use.inputs().get(1)).anyMatch(size -> size == 0));
      default -> false;
    };
  }

  private static int normalizedAxis(OperatorCase use) {
    int axis =
        (int)
            use.model(false).graph().nodes().stream()
                .filter(node -> node.operator().equals("LpNormalization"))
                .findFirst()
                .orElseThrow()
                .integer("axis", -1);
    return Math.floorMod(axis, use.inputs().get(0).length);
  }

  private static List<List<long[]>> emptied(OperatorCase use) {
    Set<Long> sizes =
        use.inputs().stream()
            .flatMap(one -> Arrays.stream(one).boxed())
            .collect(Collectors.toCollection(TreeSet::new));
    List<List<long[]>> all = new ArrayList<>();
    for (long size : sizes) {
      all.add(
          use.inputs().stream()
              .map(one -> Arrays.stream(one).map(s -> s == size ? 0 : s).toArray())
              .toList());
    }
    return all;
  }

  private static void check(OperatorCase use, OnnxModel model) {
    Map<String, Tensor> point = use.point();
    long[] shape;
    double[] values;
    try (OrtGraph graph = new OrtGraph(model)) {
      values = graph.run(point).get("y");
      shape = graph.shape("y");
    } catch (IllegalStateException | IllegalArgumentException e) {
      return;
    }
    OnnxModel derived;
    try {
      derived = ReverseDifferentiator.of(model).differentiate();
    } catch (UnsupportedOperatorException e) {
      return;
    }
    Map<String, Tensor> given = new HashMap<>(point);
    given.put("seed/y", Tensors.of(use.type(), new double[values.length], shape));
    try (OrtGraph graph = new OrtGraph(derived)) {
      Map<String, double[]> found = graph.run(given);
      for (Map.Entry<String, Tensor> input : point.entrySet()) {
        String gradient = "grad/" + input.getKey();
        assertArrayEquals(
            input.getValue().sizes(), graph.shape(gradient), use + " of " + input.getValue());
        assertArrayEquals(
            new double[input.getValue().size()],
            Arrays.stream(found.get(gradient)).map(Math::abs).toArray(),
            use + " without cotangent");
      }
    } catch (IllegalStateException e) {
      throw new AssertionError(use + " of " + point.values() + ": " + e.getMessage(), e);
    }
  }

  /** The table names every function of one value that has a rule by formula. */
  @Test
  void allFunctionsOfOneValueAreAsked() {
    List<String> asked = new ArrayList<>();
    EdgeOfDomain.functions().forEach(arguments -> asked.add((String) arguments.get()[0]));
    Set<String> smooth = new TreeSet<>();
    Map<String, AdjointRule> rules = new HashMap<>();
    UnaryRules.addTo(rules);
    TrigonometricRules.addTo(rules);
    PiecewiseRules.addTo(rules);
    smooth.addAll(rules.keySet());
    // types and masks, several operands, and products of a value with a bell of it
    smooth.removeAll(
        Set.of("Cast", "CastLike", "Clip", "Dropout", "Gelu", "Mish", "PRelu", "Swish"));
    smooth.removeAll(asked);
    assertEquals(Set.of(), smooth);
  }
}
