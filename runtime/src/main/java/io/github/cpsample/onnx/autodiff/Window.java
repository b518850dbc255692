package io.github.cpsample.onnx.autodiff;

import io.github.cpsample.onnx.Shape;
import java.util.Arrays;
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
 */
@SuppressWarnings("ArrayRecordComponent") // lives within one rule application, never compared
record Window(long[] kernel, long[] strides, long[] dilations, long[] pads) {

  /** The geometry of a Conv, MaxPool or AveragePool, whose first input is the image. */
  static Window of(NodeAdjoint n, long... kernel) {
    long[] ones = new long[kernel.length];
    Arrays.fill(ones, 1);
    long[] strides = n.node().ints("strides").orElse(ones);
    long[] dilations = n.node().ints("dilations").orElse(ones);
    Window unpadded = new Window(kernel, strides, dilations, new long[2 * kernel.length]);
    String auto = n.node().string("auto_pad", "NOTSET");
    long[] pads =
        switch (auto) {
          case "SAME_UPPER", "SAME_LOWER" -> unpadded.same(n, auto.equals("SAME_LOWER"));
          case "VALID" -> unpadded.pads;
          default -> n.node().ints("pads").orElse(unpadded.pads);
        };
    return new Window(kernel, strides, dilations, pads);
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
    return LongStream.of(pads).anyMatch(p -> p != 0);
  }

  /** Pads that make the output as large as the image divided by the stride. */
  private long[] same(NodeAdjoint n, boolean lower) {
    long[] result = new long[2 * space()];
    long[] size = movesByOne() ? new long[space()] : n.fixedSizes(n.shape(0), 2);
    for (int i = 0; i < space(); i++) {
      long total = reach(i);
      if (strides[i] != 1) {
        long outputs = (size[i] + strides[i] - 1) / strides[i];
        total = Math.max(0, (outputs - 1) * strides[i] + reach(i) + 1 - size[i]);
      }
      result[i] = lower ? total - total / 2 : total / 2;
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
