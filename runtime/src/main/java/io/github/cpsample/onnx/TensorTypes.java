package io.github.cpsample.onnx;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What is known of the tensors of a graph before it runs: element types, shapes, and the values of
 * constants. Filled by {@link ShapeInference}. Not thread-safe.
 */
public final class TensorTypes {

  private final Map<String, ElementType> types = new HashMap<>();
  private final Map<String, Shape> shapes = new HashMap<>();
  private final Map<String, Tensor> constants = new HashMap<>();

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
   * The value of a tensor that does not depend on the graph's inputs.
   *
   * @param name the tensor
   * @return its value, if known
   */
  public Optional<Tensor> constant(String name) {
    return Optional.ofNullable(constants.get(name));
  }

  void put(String name, ElementType type, Shape shape) {
    if (type != null) {
      types.put(name, type);
    }
    if (shape != null) {
      shapes.put(name, shape);
    }
  }

  void declare(ValueInfo value) {
    put(value.name(), value.type(), value.shape().orElse(null));
  }

  void constant(String name, Tensor value) {
    constants.put(name, value);
    put(name, value.type(), value.shape());
  }
}
