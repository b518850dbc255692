package io.github.cpsample.onnx.autodiff;

import io.github.cpsample.onnx.Attribute;
import io.github.cpsample.onnx.Dim;
import io.github.cpsample.onnx.ElementType;
import io.github.cpsample.onnx.Graph;
import io.github.cpsample.onnx.Node;
import io.github.cpsample.onnx.OnnxModel;
import io.github.cpsample.onnx.Shape;
import io.github.cpsample.onnx.Tensor;
import io.github.cpsample.onnx.TensorTypes;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Appends nodes to the graph that is being derived, in the form that the model's opset wants, and
 * remembers the shapes of what it appends as far as they matter.
 */
final class Emitter {

  private static final String PREFIX = "adjoint.";

  private final int opset;
  private final TensorTypes known;
  private final List<Node> nodes = new ArrayList<>();
  private final Map<String, Tensor> constants = new LinkedHashMap<>();
  private final Map<String, String> shared = new LinkedHashMap<>();
  private final Set<String> names = new HashSet<>();
  private int counter;

  Emitter(OnnxModel model, TensorTypes known) {
    this.opset = model.opset();
    this.known = known;
    Graph graph = model.graph();
    graph.nodes().forEach(n -> names.addAll(n.outputs()));
    graph.inputs().forEach(i -> names.add(i.name()));
    names.addAll(graph.initializers().keySet());
  }

  int opset() {
    return opset;
  }

  List<Node> nodes() {
    return nodes;
  }

  Map<String, Tensor> constants() {
    return constants;
  }

  Optional<Shape> shape(String value) {
    return known.shape(value);
  }

  Optional<Tensor> constantValue(String value) {
    return known.constant(value);
  }

  ElementType type(String value) {
    return known
        .type(value)
        .orElseThrow(
            () -> new IllegalStateException("Value " + value + " has no known element type"));
  }

  private String fresh(String hint) {
    String name;
    do {
      name = PREFIX + hint + "." + counter++;
    } while (!names.add(name));
    return name;
  }

  String node(String operator, List<String> inputs, Attribute... attributes) {
    String output = fresh(operator);
    named(operator, inputs, output, attributes);
    return output;
  }

  String node(String operator, String... inputs) {
    return node(operator, List.of(inputs));
  }

  void named(String operator, List<String> inputs, String output, Attribute... attributes) {
    nodes.add(new Node(output, operator, "", inputs, List.of(output), List.of(attributes)));
  }

  String constant(Tensor tensor) {
    String name = fresh("constant");
    constants.put(name, tensor);
    return name;
  }

  String integers(long... values) {
    return shared.computeIfAbsent(
        "int" + Arrays.toString(values), key -> constant(Tensor.of(values, values.length)));
  }

  /** A scalar of the element type of another value. */
  String scalar(double value, String like) {
    ElementType type = type(like);
    return shared.computeIfAbsent(
        type + " " + value,
        key ->
            switch (type) {
              case FLOAT -> constant(Tensor.of(new float[] {(float) value}));
              case DOUBLE -> constant(Tensor.of(new double[] {value}));
              default ->
                  node(
                      "Cast",
                      List.of(constant(Tensor.of(new float[] {(float) value}))),
                      Attribute.integer("to", type.code()));
            });
  }

  String scale(String value, double factor, String like) {
    return factor == 1 ? value : node("Mul", value, scalar(factor, like));
  }

  /** Gives a value the shape of another, which has equally many elements. */
  String reshapeLike(String value, String like) {
    return node("Reshape", value, shapeOf(like));
  }

  /** The shape of a value as an int64 tensor: a constant where at most one size is open. */
  String shapeOf(String value) {
    Optional<Shape> shape = known.shape(value);
    if (shape.isPresent()) {
      long open = shape.get().dims().stream().filter(d -> !d.isFixed()).count();
      boolean empty = shape.get().dims().stream().anyMatch(d -> d.size() == 0);
      if (open <= 1 && !empty) {
        return integers(
            shape.get().dims().stream().mapToLong(d -> d.isFixed() ? d.size() : -1).toArray());
      }
    }
    return node("Shape", value);
  }

  /** The shape of a value as an int64 tensor without open sizes, as Expand wants it. */
  String fullShapeOf(String value) {
    Optional<Shape> shape = known.shape(value).filter(Shape::isFixed);
    return shape.isPresent() ? integers(shape.get().sizes()) : node("Shape", value);
  }

  String zerosLike(String value) {
    return node("Expand", scalar(0, value), fullShapeOf(value));
  }

  String unsqueeze(String value, long... axes) {
    return opset < 13
        ? node("Unsqueeze", List.of(value), Attribute.ints("axes", axes))
        : node("Unsqueeze", value, integers(axes));
  }

  /** A reduction in the form of the opset: axes became an input with 13 (sums) or 18 (others). */
  String reduce(String operator, String value, boolean keep, long... axes) {
    Attribute keepdims = Attribute.integer("keepdims", keep ? 1 : 0);
    boolean asInput = opset >= (operator.equals("ReduceSum") ? 13 : 18);
    return asInput
        ? node(operator, List.of(value, integers(axes)), keepdims)
        : node(operator, List.of(value), keepdims, Attribute.ints("axes", axes));
  }

  /**
   * Sums a cotangent over the axes along which an operand was broadcast (the adjoint of
   * broadcasting).
   *
   * @param cotangent has the shape of the result
   * @param operand the operand
   * @param result what the operand was broadcast to
   */
  String unbroadcast(String cotangent, String operand, String result) {
    Optional<Shape> from = known.shape(operand);
    Optional<Shape> to = known.shape(result);
    if (from.isPresent() && to.isPresent()) {
      Optional<long[]> axes = broadcastAxes(from.get(), to.get());
      if (axes.isPresent()) {
        return sumOver(cotangent, from.get(), to.get(), axes.get(), operand);
      }
    }
    return unbroadcastByShape(cotangent, operand);
  }

  private String sumOver(String cotangent, Shape from, Shape to, long[] axes, String operand) {
    if (axes.length == 0) {
      return cotangent;
    }
    boolean leadingOnly =
        from.rank() == to.rank() - axes.length && axes[axes.length - 1] == axes.length - 1;
    if (leadingOnly) {
      return reduce("ReduceSum", cotangent, false, axes);
    }
    String sum = reduce("ReduceSum", cotangent, true, axes);
    return from.rank() == to.rank() ? sum : reshapeLike(sum, operand);
  }

  /** The axes to sum over; empty where a size is not known well enough to tell. */
  private static Optional<long[]> broadcastAxes(Shape from, Shape to) {
    List<Long> axes = new ArrayList<>();
    int missing = to.rank() - from.rank();
    for (int i = 0; i < to.rank(); i++) {
      if (i < missing) {
        axes.add((long) i);
        continue;
      }
      Dim small = from.dim(i - missing);
      Dim large = to.dim(i);
      if (small.size() == 1 && large.size() != 1) {
        axes.add((long) i);
      } else if (!small.isFixed() && !small.certainlyEquals(large)) {
        return Optional.empty();
      }
    }
    return Optional.of(axes.stream().mapToLong(Long::longValue).toArray());
  }

  /** Finds the axes while the graph runs, from the shapes themselves. */
  private String unbroadcastByShape(String cotangent, String operand) {
    if (opset < 13) {
      throw new IllegalStateException(
          "sizes that are only known when the graph runs need opset 13 or later; declare the"
              + " input's shape, or convert the model");
    }
    String target = node("Shape", cotangent);
    String shape = node("Shape", operand);
    String missing = node("Sub", node("Shape", target), node("Shape", shape));
    String ones =
        node(
            "ConstantOfShape",
            List.of(missing),
            Attribute.tensor("value", Tensor.of(new long[] {1}, 1)));
    String padded = node("Concat", List.of(ones, shape), Attribute.integer("axis", 0));
    String differs = node("Not", node("Equal", padded, target));
    String axes = node("Reshape", node("NonZero", differs), integers(-1));
    String sum =
        node(
            "ReduceSum",
            List.of(cotangent, axes),
            Attribute.integer("keepdims", 1),
            Attribute.integer("noop_with_empty_axes", 1));
    return node("Reshape", sum, shape);
  }
}
