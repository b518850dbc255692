package io.github.cpsample.onnx.autodiff;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

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
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Gradients where functions end, jump or bend: at zeros of both signs, at infinities, and of
 * nothing. The expected numbers are those of PyTorch's derivative formulas.
 */
class EdgeOfDomainTest {

  private static final double INF = Double.POSITIVE_INFINITY;
  private static final double NAN = Double.NaN;
  private static final double E = Math.E;
  private static final double LAMBDA = 1.0507009873554805;
  private static final double ALPHA = 1.6732632423543772;

  /** Where functions of one value are asked. */
  private static final float[] PLACES = {
    Float.NEGATIVE_INFINITY, -1, -0.0f, 0, 1, Float.POSITIVE_INFINITY
  };

  /**
   * Where tensors without elements are of use: ONNX Runtime itself hangs or dies of them in
   * windows, blocks and normalisations.
   */
  private static final Set<String> WITH_EMPTY_TENSORS =
      Set.of(
          "Add",
          "Cast",
          "Clip",
          "Concat",
          "Div",
          "Expand",
          "Gather",
          "Gemm",
          "Max",
          "Min",
          "Mul",
          "PRelu",
          "Pow",
          "ReduceL2",
          "ReduceMean",
          "ReduceSum",
          "ReduceSumSquare",
          "Squeeze",
          "Sub",
          "Sum",
          "Transpose",
          "Unsqueeze",
          "Where");

  /** The first opset whose {@code Reshape} can be given a size of 0. */
  private static final int SIZES_OF_ZERO = 14;

  private static double logistic(double x) {
    return 1 / (1 + Math.exp(-x));
  }

  private static Arguments of(String operator, double... expected) {
    return Arguments.of(operator, List.of(), expected);
  }

  private static Arguments of(String operator, Attribute attribute, double... expected) {
    return Arguments.of(operator, List.of(attribute), expected);
  }

  static Stream<Arguments> functions() {
    double s = logistic(1) * logistic(-1);
    double t = 1 - Math.pow(Math.tanh(1), 2);
    double bell = 2 / Math.sqrt(Math.PI);
    double sech = Math.cosh(1);
    double root = 1 / Math.sqrt(2);
    return Stream.of(
        of("Abs", -1, -1, 0, 0, 1, 1),
        of("Acos", NAN, -INF, -1, -1, -INF, NAN),
        of("Acosh", 0, INF, NAN, NAN, INF, 0),
        of("Asin", NAN, INF, 1, 1, INF, NAN),
        of("Asinh", 0, root, 1, 1, root, 0),
        of("Atan", 0, 0.5, 1, 1, 0.5, 0),
        of("Atanh", 0, INF, 1, 1, INF, 0),
        of("Celu", 0, 1 / E, 1, 1, 1, 1),
        of("Cos", NAN, Math.sin(1), 0, 0, -Math.sin(1), NAN),
        of("Cosh", -INF, -Math.sinh(1), 0, 0, Math.sinh(1), INF),
        of("Elu", 0, 1 / E, 1, 1, 1, 1),
        of("Erf", 0, bell / E, bell, bell, bell / E, 0),
        of("Exp", 0, 1 / E, 1, 1, E, INF),
        of(
            "HardSigmoid",
            Attribute.decimal("alpha", 1 / 6f),
            0,
            1 / 6.0,
            1 / 6.0,
            1 / 6.0,
            1 / 6.0,
            0),
        of("HardSwish", 0, 1 / 6.0, 0.5, 0.5, 5 / 6.0, 1),
        of("Identity", 1, 1, 1, 1, 1, 1),
        of("LeakyRelu", Attribute.decimal("alpha", 0.25f), 0.25, 0.25, 0.25, 0.25, 1, 1),
        of("Log", 0, -1, -INF, INF, 1, 0),
        of("Neg", -1, -1, -1, -1, -1, -1),
        of("Reciprocal", 0, -1, -INF, -INF, -1, 0),
        of("Relu", 0, 0, 0, 0, 1, 1),
        of("Selu", 0, LAMBDA * ALPHA / E, LAMBDA * ALPHA, LAMBDA * ALPHA, LAMBDA, LAMBDA),
        of("Shrink", Attribute.decimal("lambd", 1), 1, 0, 0, 0, 0, 1),
        of("Sigmoid", 0, s, 0.25, 0.25, s, 0),
        of("Sin", NAN, Math.cos(1), 1, 1, Math.cos(1), NAN),
        of("Sinh", INF, sech, 1, 1, sech, INF),
        of("Softplus", 0, logistic(-1), 0.5, 0.5, logistic(1), 1),
        of("Softsign", NAN, 0.25, 1, 1, 0.25, NAN),
        of("Sqrt", NAN, NAN, -INF, INF, 0.5, 0),
        of("Tan", NAN, 1 + Math.pow(Math.tan(1), 2), 1, 1, 1 + Math.pow(Math.tan(1), 2), NAN),
        of("Tanh", 0, t, 1, 1, t, 0),
        of("ThresholdedRelu", 0, 0, 0, 0, 0, 1));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("functions")
  void functionsOfOneValue(String operator, List<Attribute> attributes, double[] expected) {
    GraphBuilder g = new GraphBuilder(operator, 17);
    Value x = g.input("a", ElementType.FLOAT, Shape.fixed(PLACES.length));
    Value y = g.node(operator, List.of(x), attributes.toArray(Attribute[]::new));
    g.output("y", y, ElementType.FLOAT, Shape.fixed(PLACES.length));
    Map<String, Tensor> point = Map.of("a", Tensor.of(PLACES, PLACES.length));
    assertClose(expected, gradients(g.build(), point).get("grad/a"));
  }

  private static Arguments two(String operator, double[] a, double[] b, double[] ga, double... gb) {
    return Arguments.of(operator, a, b, ga, gb);
  }

  private static double[] at(double... values) {
    return values;
  }

  static Stream<Arguments> pairs() {
    double two = Math.log(2);
    return Stream.of(
        two("Add", at(0, INF), at(INF, INF), at(1, 1), 1, 1),
        two("Sub", at(0, INF), at(INF, INF), at(1, 1), -1, -1),
        two("Mul", at(0, INF, 3), at(INF, 0, 0), at(INF, 0, 0), 0, INF, 3),
        two(
            "Div",
            at(1, 0, 1, INF, 0),
            at(0, 0, INF, 1, 2),
            at(INF, INF, 0, 1, 0.5),
            -INF,
            NAN,
            0,
            -INF,
            0),
        two(
            "Pow",
            at(0, 0, 0, 0, 2, -2, INF, 1),
            at(0, 1, 2, -1, 0, 2, 2, INF),
            at(0, 1, 0, -INF, 0, -4, INF, INF),
            0,
            0,
            0,
            -INF,
            two,
            NAN,
            INF,
            0),
        two("Max", at(1, 2, INF, 0), at(2, 2, INF, -0.0), at(0, 0.5, 0.5, 0.5), 1, 0.5, 0.5, 0.5),
        two("Min", at(1, 2, -INF, 0), at(2, 2, -INF, 0), at(1, 0.5, 0.5, 0.5), 0, 0.5, 0.5, 0.5),
        two("PRelu", at(-INF, -1, 0, 1), at(2, 2, 2, 2), at(2, 2, 2, 1), -INF, -1, 0, 0));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("pairs")
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
    assertClose(ga, found.get("grad/a"));
    assertClose(gb, found.get("grad/b"));
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

  /** Relative to the numbers; infinities and what is no number must be met. */
  private static void assertClose(double[] expected, double[] found) {
    assertEquals(expected.length, found.length);
    for (int i = 0; i < expected.length; i++) {
      double allowed = 2e-5 * Math.max(1, Math.abs(expected[i]));
      boolean exact = Double.compare(expected[i] + 0.0, found[i] + 0.0) == 0;
      assertTrue(
          exact || Math.abs(expected[i] - found[i]) <= allowed,
          "at "
              + i
              + ": expected "
              + Arrays.toString(expected)
              + " but was "
              + Arrays.toString(found));
    }
  }

  static List<OperatorCase> cases() {
    Set<String> functions =
        functions().map(arguments -> (String) arguments.get()[0]).collect(Collectors.toSet());
    return OperatorCases.all().stream()
        .filter(
            use ->
                functions.contains(use.operator()) || WITH_EMPTY_TENSORS.contains(use.operator()))
        .filter(use -> use.model(false).opset() >= SIZES_OF_ZERO)
        // a sum over no axes of no elements has another shape on ONNX Runtime than by the standard
        .filter(use -> !use.toString().startsWith("ReduceSum of nothing"))
        .toList();
  }

  /** Every such case with every size in turn replaced by 0, where ONNX Runtime runs that. */
  @ParameterizedTest
  @MethodSource("cases")
  void tensorsWithoutElements(OperatorCase use) {
    int opset = use.model(false).opset();
    for (List<long[]> sizes : emptied(use)) {
      for (boolean symbolic : new boolean[] {false, true}) {
        check(use.like(opset, sizes), symbolic);
      }
    }
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

  private static void check(OperatorCase use, boolean symbolic) {
    Map<String, Tensor> point = use.point();
    OnnxModel model;
    long[] shape;
    double[] values;
    try {
      model = use.model(symbolic);
      try (OrtGraph graph = new OrtGraph(model)) {
        values = graph.run(point).get("y");
        shape = graph.shape("y");
      }
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
            new double[input.getValue().size()], found.get(gradient), use + " without cotangent");
      }
    } catch (IllegalStateException e) {
      throw new AssertionError(use + " of " + point.values() + ": " + e.getMessage(), e);
    }
  }

  /** The table names every function of one value that has a rule by formula. */
  @Test
  void allFunctionsOfOneValueAreAsked() {
    List<String> asked = new ArrayList<>();
    functions().forEach(arguments -> asked.add((String) arguments.get()[0]));
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
