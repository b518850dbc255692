package io.github.cpsample.onnx;

/**
 * One axis of a shape: a size, a symbol that stands for a size, or nothing known.
 *
 * @param size at least 0, or -1 where the size is not known
 * @param symbol the name of the unknown size; empty for none
 */
public record Dim(long size, String symbol) {

  private static final Dim UNKNOWN = new Dim(-1, "");

  public Dim {
    if (size < -1 || (size >= 0 && !symbol.isEmpty())) {
      throw new MalformedModelException(
          "Dimension: expected a size >= 0 or a symbol, found " + size + " " + symbol);
    }
  }

  /**
   * A known size.
   *
   * @param size at least 0
   * @return the axis
   */
  public static Dim of(long size) {
    return new Dim(size, "");
  }

  /**
   * A size that is known by name only; equal names are equal sizes.
   *
   * @param symbol the name, not empty
   * @return the axis
   */
  public static Dim symbolic(String symbol) {
    return new Dim(-1, symbol);
  }

  /**
   * A size of which nothing is known.
   *
   * @return the axis
   */
  public static Dim unknown() {
    return UNKNOWN;
  }

  /**
   * Whether the size is a number.
   *
   * @return true for a known size
   */
  public boolean isFixed() {
    return size >= 0;
  }

  /**
   * Whether two axes certainly have the same size.
   *
   * @param other the other axis
   * @return true for equal numbers or equal symbols
   */
  public boolean certainlyEquals(Dim other) {
    return equals(other) && !equals(UNKNOWN);
  }

  @Override
  public String toString() {
    return isFixed() ? Long.toString(size) : symbol.isEmpty() ? "?" : symbol;
  }
}
