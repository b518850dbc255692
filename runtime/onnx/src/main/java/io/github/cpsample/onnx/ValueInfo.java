package io.github.cpsample.onnx;

import java.util.Objects;
import java.util.Optional;

/**
 * What is declared of a tensor.
 *
 * @param name its name
 * @param type its element type
 * @param shape its shape, empty where not even the rank is known
 * @param notes what is written at it
 */
public record ValueInfo(String name, ElementType type, Optional<Shape> shape, Notes notes) {

  public ValueInfo {
    Objects.requireNonNull(type, "type");
    Objects.requireNonNull(shape, "shape");
    if (name.isEmpty()) {
      throw new MalformedModelException("Value: expected a name, found none");
    }
  }

  /**
   * A declaration without notes.
   *
   * @param name its name
   * @param type its element type
   * @param shape its shape
   */
  public ValueInfo(String name, ElementType type, Optional<Shape> shape) {
    this(name, type, shape, Notes.NONE);
  }

  /**
   * A tensor of known rank.
   *
   * @param name its name
   * @param type its element type
   * @param shape its shape
   * @return the declaration
   */
  public static ValueInfo of(String name, ElementType type, Shape shape) {
    return new ValueInfo(name, type, Optional.of(shape));
  }
}
