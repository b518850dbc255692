package io.github.cpsample.onnx.autodiff;

import io.github.cpsample.onnx.Attribute;
import io.github.cpsample.onnx.Shape;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/**
 * The geometry of a window that slides over space.
 *
 * @param kernel sizes of the window
 * @param strides how far it moves
 * @param dilations distances between its elements
 * @param pads zeros around the image: begins, then ends
 * @param autoPad SAME_UPPER or SAME_LOWER where the zeros are only known when the graph runs; then
 *     the pads are 0
 */
@SuppressWarnings("ArrayRecordComponent") // lives within one rule application, never compared
record Window(long[] kernel, long[] strides, long[] dilations, long[] pads, String autoPad) {

  Window(long[] kernel, long[] strides, long[] dilations, long... pads) {
    this(kernel, strides, dilations, pads, "");
  }

  /** The geometry of a Conv, MaxPool or AveragePool, whose first input is the image. */
  static Window of(NodeAdjoint n, long... kernel) {
    long[] ones = new long[kernel.length];
    Arrays.fill(ones, 1);
    long[] strides = n.node().ints("strides").orElse(ones);
    long[] dilations = n.node().ints("dilations").orElse(ones);
    Window unpadded = new Window(kernel, strides, dilations, new long[2 * kernel.length]);
    String auto = n.node().string("auto_pad", "NOTSET");
    if (auto.startsWith("SAME")) {
      Shape shape = n.shape(0);
      boolean known =
          IntStream.range(0, kernel.length)
              .allMatch(i -> strides[i] == 1 || shape.dim(i + 2).isFixed());
      return known
          ? new Window(kernel, strides, dilations, unpadded.same(shape, auto))
          : new Window(kernel, strides, dilations, unpadded.pads, auto);
    }
    return auto.equals("VALID")
        ? unpadded
        : new Window(kernel, strides, dilations, n.node().ints("pads").orElse(unpadded.pads));
  }

  /** The number of axes that it slides over. */
  int space() {
    return kernel.length;
  }

  /** How far its last element is from its first. */
  long reach(int axis) {
    return Math.multiplyExact(dilations[axis], kernel[axis] - 1);
  }

  boolean movesByOne() {
    return LongStream.of(strides).allMatch(s -> s == 1);
  }

  boolean overlaps() {
    return IntStream.range(0, space()).anyMatch(i -> reach(i) >= strides[i]);
  }

  boolean isPadded() {
    return isOpen() || LongStream.of(pads).anyMatch(p -> p != 0);
  }

  /** Whether the zeros around the image are only known when the graph runs. */
  boolean isOpen() {
    return !autoPad.isEmpty();
  }

  /** The same with as many zeros more at the end as let another window start. */
  Window reachingFurther() {
    long[] more = pads.clone();
    for (int i = 0; i < space(); i++) {
      more[i + space()] += strides[i] - 1;
    }
    return new Window(kernel, strides, dilations, more);
  }

  /** Strides, dilations and padding as attributes of a convolution. */
  List<Attribute> attributes() {
    return List.of(
        Attribute.ints("strides", strides),
        Attribute.ints("dilations", dilations),
        isOpen() ? Attribute.string("auto_pad", autoPad) : Attribute.ints("pads", pads));
  }

  /** Pads that make the output as large as the image divided by the stride. */
  private long[] same(Shape image, String auto) {
    long[] result = new long[2 * space()];
    for (int i = 0; i < space(); i++) {
      long total = reach(i);
      if (strides[i] != 1) {
        long size = image.dim(i + 2).size();
        long outputs = (size + strides[i] - 1) / strides[i];
        total = Math.max(0, (outputs - 1) * strides[i] + reach(i) + 1 - size);
      }
      result[i] = auto.equals("SAME_LOWER") ? total - total / 2 : total / 2;
      result[i + space()] = total - result[i];
    }
    return result;
  }

  /** Pads of the stride-1 convolution that goes back from output to image. */
  long[] flippedPads() {
    return IntStream.range(0, 2 * space()).mapToLong(i -> reach(i % space()) - pads[i]).toArray();
  }

  /**
   * How much longer the image is than what the windows reach, by axis; negative where windows hang
   * over its padded end.
   *
   * @param image [N, C, space...]
   * @param output [N, M, space...]
   * @return empty where a size is not known
   */
  Optional<long[]> remainder(Shape image, Shape output) {
    long[] result = new long[space()];
    for (int i = 0; i < space(); i++) {
      if (!image.dim(i + 2).isFixed() || !output.dim(i + 2).isFixed()) {
        return Optional.empty();
      }
      long reached = (output.dim(i + 2).size() - 1) * strides[i] + reach(i) + 1;
      result[i] = image.dim(i + 2).size() + pads[i] + pads[i + space()] - reached;
    }
    return Optional.of(result);
  }
}
