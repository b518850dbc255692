package io.github.cpsample.onnx.autodiff;

/**
 * The zeros that SAME_UPPER and SAME_LOWER put around an image whose size is only known when the
 * graph runs: max(0, (windows - 1) stride + reach + 1 - size) in all, half of them before the image
 * and half after; an odd one goes after it (upper) or before it (lower).
 */
final class SamePadding {

  private final Emitter e;
  private final Window window;

  SamePadding(Emitter emitter, Window window) {
    this.e = emitter;
    this.window = window;
  }

  /**
   * The zeros before an image.
   *
   * @param image [N, C, space...]
   * @param output [N, M, space...]
   * @param axis of space, counted from 0
   * @return int64, one element
   */
  String before(String image, String output, int axis) {
    return window.autoPad().equals("SAME_UPPER")
        ? half(image, output, axis)
        : e.sub(total(image, output, axis), half(image, output, axis));
  }

  /** The zeros after an image. */
  String after(String image, String output, int axis) {
    return e.sub(total(image, output, axis), before(image, output, axis));
  }

  private String half(String image, String output, int axis) {
    return e.div(total(image, output, axis), e.integers(2));
  }

  private String total(String image, String output, int axis) {
    long stride = window.strides()[axis];
    String steps = e.mul(e.size(output, axis + 2), e.integers(stride));
    String reached = e.add(steps, e.integers(window.reach(axis) + 1 - stride));
    return e.atLeastZero(e.sub(reached, e.size(image, axis + 2)));
  }
}
