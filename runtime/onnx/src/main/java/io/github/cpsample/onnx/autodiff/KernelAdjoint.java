package io.github.cpsample.onnx.autodiff;

import io.github.cpsample.onnx.Attribute;
import io.github.cpsample.onnx.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.LongStream;

/**
 * The cotangent of a convolution's kernel: w[m, c, k] gets the sum over samples n and windows o of
 * g[n, m, o] x[n, c, o stride + k dilation - pad]. That is a convolution as well, of x with g as
 * its kernel: samples take the part of channels, and strides and dilations change places.
 */
final class KernelAdjoint {

  private final Emitter e;
  private final Window window;
  private final long group;

  KernelAdjoint(Emitter emitter, Window window, long group) {
    this.e = emitter;
    this.window = window;
    this.group = group;
  }

  /**
   * Emits the convolution; ONNX Runtime does not come to an end with one of no channels, which it
   * is where there are no samples.
   *
   * @param image [N, C, space...]
   * @param output [N, M, windows...]
   * @param kernel has the kernel's shape
   * @return [M, C/group, kernel...]
   */
  String of(String image, String output, String kernel) {
    return e.unlessEmpty(
        output, kernel, inner -> new KernelAdjoint(inner, window, group).sums(image, output));
  }

  private String sums(String image, String output) {
    String sums =
        e.node(
            "Conv",
            List.of(
                grouped(padded(image, output)), e.transpose(output, swapped(window.space() + 2))),
            Attribute.ints("strides", window.dilations()),
            Attribute.ints("dilations", window.strides()),
            Attribute.ints("pads", window.pads()),
            Attribute.integer("group", group));
    return e.transpose(cut(sums), swapped(window.space() + 2));
  }

  private static long[] swapped(int rank) {
    long[] order = LongStream.range(0, rank).toArray();
    order[0] = 1;
    order[1] = 0;
    return order;
  }

  private String padded(String image, String output) {
    String padded = image;
    if (window.isOpen()) {
      SamePadding padding = new SamePadding(e, window);
      for (int i = 0; i < window.space(); i++) {
        String before = padding.before(image, output, i);
        String after = padding.after(image, output, i);
        padded = new ZeroPadding(e).along(padded, i + 2, before, after, window.space() + 2);
      }
    }
    return padded;
  }

  /** [N, group C', space...] to [C', group N, space...]. */
  private String grouped(String image) {
    int rank = window.space() + 2;
    if (group == 1) {
      return e.transpose(image, swapped(rank));
    }
    List<String> parted = new ArrayList<>(List.of(e.size(image, 0), e.integers(group, -1)));
    List<String> joined = new ArrayList<>(List.of(e.integers(0, -1)));
    for (int i = 2; i < rank; i++) {
      parted.add(e.size(image, i));
      joined.add(e.size(image, i));
    }
    long[] order = LongStream.range(0, rank + 1L).toArray();
    order[0] = 2;
    order[2] = 0;
    String parts = e.reshape(image, e.concat(parted, 0));
    return e.reshape(e.transpose(parts, order), e.concat(joined, 0));
  }

  /** Without what rows and columns that no window reached added. */
  private String cut(String sums) {
    Optional<Shape> shape = e.shape(sums);
    String result = sums;
    for (int i = 0; i < window.space(); i++) {
      long size = window.kernel()[i];
      if (shape.isEmpty() || shape.get().dim(i + 2).size() != size) {
        result = e.slice(result, i + 2, e.integers(0), e.integers(size));
      }
    }
    return result;
  }
}
