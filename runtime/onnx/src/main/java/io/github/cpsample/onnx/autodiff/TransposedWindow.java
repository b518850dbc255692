package io.github.cpsample.onnx.autodiff;

import io.github.cpsample.onnx.Attribute;
import io.github.cpsample.onnx.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.LongStream;

/**
 * The way back from the output of a sliding window to its image: a transposed convolution that ends
 * up exactly as large as the image.
 */
final class TransposedWindow {

  private final Emitter e;
  private final Window window;
  private final long group;

  TransposedWindow(Emitter emitter, Window window, long group) {
    this.e = emitter;
    this.window = window;
    this.group = group;
  }

  /**
   * Emits the transposed convolution.
   *
   * @param cotangent [N, M, space...]
   * @param kernel [M, C/group, kernel...]
   * @param image a value with the image's sizes, [N, C, space...]
   */
  String apply(String cotangent, String kernel, String image) {
    Optional<Shape> to = e.shape(image);
    Optional<Shape> from = e.shape(cotangent);
    Optional<long[]> remainder =
        to.isPresent() && from.isPresent() && !window.isOpen()
            ? window.remainder(to.get(), from.get())
            : Optional.empty();
    if (remainder.isPresent()) {
      return exact(cotangent, kernel, remainder.get());
    }
    return window.movesByOne() && !window.isOpen()
        ? exact(cotangent, kernel, new long[window.space()])
        : cropped(cotangent, kernel, image);
  }

  private String exact(String cotangent, String kernel, long... remainder) {
    long[] pads = window.pads().clone();
    long[] more = new long[window.space()];
    for (int i = 0; i < more.length; i++) {
      more[i] = Math.max(0, remainder[i]);
      pads[i + more.length] += Math.max(0, -remainder[i]);
    }
    return transposed(cotangent, kernel, pads, more);
  }

  /** At least as large as the image, whatever its size; then the image's part of it. */
  private String cropped(String cotangent, String kernel, String image) {
    long[] pads = window.pads().clone();
    Arrays.fill(pads, window.space(), pads.length, 0);
    long[] more = LongStream.of(window.strides()).map(s -> s - 1).toArray();
    String large = transposed(cotangent, kernel, pads, more);
    for (int i = 0; i < window.space(); i++) {
      String start = e.integers(0);
      String end = e.size(image, i + 2);
      if (window.isOpen()) {
        start = new SamePadding(e, window).before(image, cotangent, i);
        end = e.add(start, end);
      }
      large = e.slice(large, i + 2, start, end);
    }
    return large;
  }

  private String transposed(String cotangent, String kernel, long[] pads, long... more) {
    List<Attribute> attributes = new ArrayList<>();
    attributes.add(Attribute.ints("strides", window.strides()));
    attributes.add(Attribute.ints("dilations", window.dilations()));
    attributes.add(Attribute.ints("pads", pads));
    attributes.add(Attribute.integer("group", group));
    if (LongStream.of(more).anyMatch(m -> m != 0)) {
      attributes.add(Attribute.ints("output_padding", more));
    }
    return e.node(
        "ConvTranspose", List.of(cotangent, kernel), attributes.toArray(Attribute[]::new));
  }
}
