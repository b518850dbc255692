package io.github.cpsample.onnx;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

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
  private final Map<String, Dim> derived;
  private final @Nullable TensorTypes around;
  private final String label;

  /** Starts with nothing known. */
  TensorTypes() {
    this.derived = new HashMap<>();
    this.around = null;
    this.label = "";
  }

  private TensorTypes(TensorTypes around) {
    this.derived = around.derived;
    this.around = around;
    this.label = around.derived("nested graph " + around.derived.size()) + " ";
  }

  /** Starts a scope of its own, in which all that is known here is known as well. */
  TensorTypes nested() {
    return new TensorTypes(this);
  }

  private <T> Optional<T> find(Function<TensorTypes, Map<String, T>> kind, String name) {
    for (TensorTypes scope = this; scope != null; scope = scope.around) {
      T found = kind.apply(scope).get(name);
      if (found != null) {
        return Optional.of(found);
      }
    }
    return Optional.empty();
  }

  /**
   * The element type of a tensor.
   *
   * @param name the tensor
   * @return its type, if known
   */
  public Optional<ElementType> type(String name) {
    return find(scope -> scope.types, name);
  }

  /**
   * The shape of a tensor.
   *
   * @param name the tensor
   * @return its shape, if at least the rank is known
   */
  public Optional<Shape> shape(String name) {
    return find(scope -> scope.shapes, name);
  }

  /**
   * The value of a tensor that is written in the graph as a constant.
   *
   * @param name the tensor
   * @return its value, if it is one
   */
  public Optional<Tensor> constant(String name) {
    return find(scope -> scope.constants, name);
  }

  /**
   * The elements of an integer tensor that does not depend on the graph's inputs, whether it is
   * written as a constant or follows from known sizes.
   *
   * @param name the tensor
   * @return its elements in order, if all are known
   */
  public Optional<long[]> integers(String name) {
    Optional<Tensor> constant = constant(name).filter(tensor -> isInteger(tensor.type()));
    if (constant.isPresent()) {
      return Optional.of(constant.get().longs());
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
    return find(scope -> scope.indices, name);
  }

  void index(String name, List<IndexValue> values) {
    if (values.size() <= LONGEST_VECTOR) {
      indices.put(name, List.copyOf(values));
    }
  }

  void put(String name, @Nullable ElementType type, @Nullable Shape shape) {
    if (type != null && type != ElementType.UNDEFINED) {
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
        result = ShapeRules.with(result, i, derived("axis " + i + " of " + label + owner));
      }
    }
    return result;
  }
}
