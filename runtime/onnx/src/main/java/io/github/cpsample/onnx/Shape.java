package io.github.cpsample.onnx;

import java.util.Arrays;
import java.util.List;

/**
 * The shape of a tensor of known rank.
 *
 * @param dims its axes
 */
public record Shape(List<Dim> dims) {

  public Shape {
    dims = List.copyOf(dims);
  }

  /**
   * A shape from its axes.
   *
   * @param dims the axes
   * @return the shape
   */
  public static Shape of(Dim... dims) {
    return new Shape(List.of(dims));
  }

  /**
   * A shape of known sizes.
   *
   * @param sizes the sizes
   * @return the shape
   */
  public static Shape fixed(long... sizes) {
    return new Shape(Arrays.stream(sizes).mapToObj(Dim::of).toList());
  }

  /**
   * The number of axes.
   *
   * @return at least 0
   */
  public int rank() {
    return dims.size();
  }

  /**
   * One axis.
   *
   * @param axis its index; negative ones count from the end
   * @return the axis
   */
  public Dim dim(int axis) {
    return dims.get(axis < 0 ? axis + dims.size() : axis);
  }

  /**
   * Whether all sizes are numbers.
   *
   * @return true if nothing is symbolic
   */
  public boolean isFixed() {
    return dims.stream().allMatch(Dim::isFixed);
  }

  /**
   * The sizes, where all are known.
   *
   * @return a new array
   */
  public long[] sizes() {
    if (!isFixed()) {
      throw new IllegalStateException("Shape: expected known sizes, found " + this);
    }
    return dims.stream().mapToLong(Dim::size).toArray();
  }

  @Override
  public String toString() {
    return dims.toString();
  }
}
