package io.github.cpsample.onnx;

/**
 * The elements of an axis that a slice takes: {@code start, start + step, ...}.
 *
 * @param start index of the first element taken
 * @param step distance of two neighbours, not 0, negative for backward
 * @param count how many are taken
 */
public record SliceRange(long start, long step, long count) {

  /**
   * Reads the arguments of ONNX's {@code Slice} for one axis: negative indices count from the end,
   * and those beyond the ends are drawn in.
   *
   * @param size the axis's size
   * @param start where the slice starts
   * @param end where it ends, exclusive
   * @param step its step, not 0
   * @return the elements that it takes
   */
  public static SliceRange of(long size, long start, long end, long step) {
    if (step == 0) {
      throw new MalformedModelException("Slice: expected a step that is not 0, found 0");
    }
    long low = step > 0 ? 0 : -1;
    long high = step > 0 ? size : size - 1;
    long from = drawnIn(start < 0 ? start + size : start, Math.max(low, 0), high);
    long to = drawnIn(end < 0 ? end + size : end, low, high);
    long distance = step > 0 ? to - from : from - to;
    long stride = Math.abs(step);
    long count = distance <= 0 || stride < 0 ? 0 : (distance - 1) / stride + 1;
    return new SliceRange(from, step, count);
  }

  private static long drawnIn(long index, long low, long high) {
    return Math.min(high, Math.max(low, index));
  }
}
