package io.github.cpsample.onnx;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What is known of the tensors of a graph before it runs: element types, shapes, the values of
 * constants, and the integer vectors that describe shapes. Filled by {@link ShapeInference}. Not
 * thread-safe.
 *
 * <p>A size that follows from symbolic ones has a made-up symbol that stands for the expression, so
 * equal expressions are known to be equal.
 */
public final class TensorTypes {

  private static final int LONGEST_VECTOR = 64;
  private static final int HIGHEST_RANK = 64;

  /** Names of sizes that cannot be mistaken for an expression, or a part of one. */
  private static final Pattern PLAIN = Pattern.compile("[\\w.]+");

  private final Map<String, ElementType> types = new HashMap<>();
  private final Map<String, Shape> shapes = new HashMap<>();
  private final Map<String, Tensor> constants = new HashMap<>();
  private final Map<String, List<IndexValue>> indices = new HashMap<>();
  private final Map<String, Dim> derived = new HashMap<>();

  /** Starts with nothing known. */
  TensorTypes() {}

  /**
   * The element type of a tensor.
   *
   * @param name the tensor
   * @return its type, if known
   */
  public Optional<ElementType> type(String name) {
    return Optional.ofNullable(types.get(name));
  }

  /**
   * The shape of a tensor.
   *
   * @param name the tensor
   * @return its shape, if at least the rank is known
   */
  public Optional<Shape> shape(String name) {
    return Optional.ofNullable(shapes.get(name));
  }

  /**
   * The value of a tensor that is written in the graph as a constant.
   *
   * @param name the tensor
   * @return its value, if it is one
   */
  public Optional<Tensor> constant(String name) {
    return Optional.ofNullable(constants.get(name));
  }

  /**
   * The elements of an integer tensor that does not depend on the graph's inputs, whether it is
   * written as a constant or follows from known sizes.
   *
   * @param name the tensor
   * @return its elements in order, if all are known
   */
  public Optional<long[]> integers(String name) {
    Tensor constant = constants.get(name);
    if (constant != null && isInteger(constant.type())) {
      return Optional.of(constant.longs());
    }
    return indices(name)
        .filter(values -> values.stream().allMatch(IndexValue::isNumber))
        .map(values -> values.stream().mapToLong(IndexValue::number).toArray());
  }

  private static boolean isInteger(ElementType type) {
    return type == ElementType.INT64 || type == ElementType.INT32;
  }

  /**
   * Records a constant that is added to the graph.
   *
   * @param name the tensor
   * @param value its value
   */
  public void define(String name, Tensor value) {
    constants.put(name, value);
    put(name, value.type(), value.shape());
    if (isInteger(value.type()) && value.sizes().length <= 1 && value.size() <= LONGEST_VECTOR) {
      index(name, Arrays.stream(value.longs()).mapToObj(number -> IndexValue.of(number)).toList());
    }
  }

  /**
   * Records what is declared of a tensor. A size that has neither number nor name gets a name.
   *
   * @param value the declaration
   */
  public void declare(ValueInfo value) {
    put(
        value.name(),
        value.type(),
        value
            .shape()
            .map(shape -> new Shape(shape.dims().stream().map(this::unmistakable).toList()))
            .orElse(null));
  }

  private Dim unmistakable(Dim dim) {
    return dim.symbol().isEmpty() || PLAIN.matcher(dim.symbol()).matches()
        ? dim
        : derived("symbol " + dim.symbol());
  }

  Optional<List<IndexValue>> indices(String name) {
    return Optional.ofNullable(indices.get(name));
  }

  void index(String name, List<IndexValue> values) {
    if (values.size() <= LONGEST_VECTOR) {
      indices.put(name, List.copyOf(values));
    }
  }

  void put(String name, ElementType type, Shape shape) {
    if (type != null) {
      types.put(name, type);
    }
    if (shape != null && shape.rank() > HIGHEST_RANK) {
      throw new MalformedModelException(
          "value " + name + ": expected at most " + HIGHEST_RANK + " axes, found " + shape.rank());
    }
    if (shape != null) {
      shapes.put(name, named(shape, name));
    }
  }

  /** The size that an expression over sizes stands for. */
  Dim derived(String expression) {
    return derived.computeIfAbsent(expression, e -> Dim.symbolic("~" + derived.size()));
  }

  private Shape named(Shape shape, String owner) {
    Shape result = shape;
    for (int i = 0; i < shape.rank(); i++) {
      if (shape.dim(i).equals(Dim.unknown())) {
        result = ShapeRules.with(result, i, derived("axis " + i + " of " + owner));
      }
    }
    return result;
  }
}
