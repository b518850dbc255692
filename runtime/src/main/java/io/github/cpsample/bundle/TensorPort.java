package io.github.cpsample.bundle;

import io.github.cpsample.base.Checks;
import io.github.cpsample.onnx.ElementType;
import java.util.List;
import java.util.Objects;
import java.util.StringJoiner;

/**
 * One input or output of a network, as it was detected.
 *
 * @param name the tensor's name
 * @param type its element type
 * @param sizes the size of every axis, -1 where it is free; empty for a single number without axes
 */
public record TensorPort(String name, ElementType type, List<Long> sizes) {
  /** The size of an axis that may have any length. */
  public static final long FREE = -1;

  public TensorPort {
    ManifestChecks.filled("name", name);
    Objects.requireNonNull(type, "type");
    sizes = List.copyOf(sizes);
    for (long size : sizes) {
      if (size != FREE) {
        Checks.atLeast("sizes of " + name, size, 1);
      }
    }
  }

  /**
   * A tensor of known rank.
   *
   * @param name the tensor's name
   * @param type its element type
   * @param sizes the size of every axis, -1 where it is free
   * @return the description
   */
  public static TensorPort of(String name, ElementType type, long... sizes) {
    return new TensorPort(name, type, java.util.Arrays.stream(sizes).boxed().toList());
  }

  /**
   * The number of axes.
   *
   * @return 0 for a single number
   */
  public int rank() {
    return sizes.size();
  }

  /**
   * Whether an axis has one size only.
   *
   * @param axis from 0
   * @return false where any length will do, and where there is no such axis
   */
  public boolean isFixed(int axis) {
    return axis < rank() && sizes.get(axis) != FREE;
  }

  /**
   * Type and sizes for people.
   *
   * @return for instance {@code float16[?,3,32,32]}
   */
  public String describe() {
    StringJoiner text =
        new StringJoiner(",", type.name().toLowerCase(java.util.Locale.ROOT) + "[", "]");
    sizes.forEach(size -> text.add(size == FREE ? "?" : Long.toString(size)));
    return text.toString();
  }
}
