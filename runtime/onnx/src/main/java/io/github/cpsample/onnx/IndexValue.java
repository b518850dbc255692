package io.github.cpsample.onnx;

import org.jspecify.annotations.Nullable;

/**
 * One element of an integer tensor that describes a shape: a number, or the size of some axis.
 *
 * @param number the number, where it is one
 * @param size the axis, null where the element is a number
 */
record IndexValue(long number, @Nullable Dim size) {

  static IndexValue of(long number) {
    return new IndexValue(number, null);
  }

  static IndexValue of(Dim dim) {
    return dim.isFixed() ? of(dim.size()) : new IndexValue(-1, dim);
  }

  boolean isNumber() {
    return size == null;
  }

  /** As the size of an axis. */
  Dim dim() {
    return size == null ? Dim.of(number) : size;
  }

  @Override
  public String toString() {
    return size == null ? Long.toString(number) : size.symbol();
  }
}
