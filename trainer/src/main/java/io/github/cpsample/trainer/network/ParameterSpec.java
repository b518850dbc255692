package io.github.cpsample.trainer.network;

import java.util.List;

/**
 * A parameter of a network: what it is called, its shape, and how it starts.
 *
 * @param name its name, unique within the network, parts separated by dots
 * @param initializer its initial distribution
 * @param shape its shape; the first axis is the output axis of weights
 */
public record ParameterSpec(String name, Initializer initializer, List<Integer> shape) {

  public ParameterSpec {
    shape = List.copyOf(shape);
    if (shape.isEmpty() || shape.stream().anyMatch(d -> d < 1)) {
      throw new IllegalArgumentException(
          "Parameter " + name + ": expected a shape of positive sizes, found " + shape);
    }
  }

  /**
   * A parameter with the shape as numbers.
   *
   * @param name its name
   * @param initializer its initial distribution
   * @param shape its shape
   * @return the parameter's description
   */
  public static ParameterSpec of(String name, Initializer initializer, Integer... shape) {
    return new ParameterSpec(name, initializer, List.of(shape));
  }

  /**
   * Number of elements.
   *
   * @return the product of the shape
   */
  public int size() {
    return shape.stream().reduce(1, Math::multiplyExact);
  }

  /**
   * Number of inputs that feed one output.
   *
   * @return the product of all axes but the first
   */
  public int fanIn() {
    return size() / shape.get(0);
  }

  /**
   * The shape as an array.
   *
   * @return a new array
   */
  public int[] dimensions() {
    return shape.stream().mapToInt(Integer::intValue).toArray();
  }
}
