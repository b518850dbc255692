package io.github.cpsample.onnx.autodiff;

import io.github.cpsample.onnx.Shape;
import java.util.stream.LongStream;

/**
 * The adjoint of a maximum over windows that lie side by side, for opsets that cannot scatter: an
 * axis of windows and an axis within the window are compared with the maximum, and g goes where
 * they are equal, shared equally by equal pixels.
 */
final class TiledMaximum {

  private final NodeAdjoint n;
  private final Emitter e;
  private final Window window;

  TiledMaximum(NodeAdjoint node, Window window) {
    this.n = node;
    this.e = node.emit();
    this.window = window;
  }

  String image() {
    for (int i = 0; i < window.space(); i++) {
      boolean sideBySide = window.kernel()[i] == window.strides()[i] && window.dilations()[i] == 1;
      if (!sideBySide || window.isPadded() || n.node().integer("ceil_mode", 0) != 0) {
        throw new NewerOpsetNeeded(16, "the maximum over windows that overlap or are padded");
      }
    }
    Shape x = n.shape(0);
    if (x.dims().stream().skip(1).anyMatch(dim -> !dim.isFixed())) {
      throw new NewerOpsetNeeded(
          9, "the maximum over windows of an image whose size is only known when the graph runs");
    }
    long[] size = n.fixedSizes(x, 1);
    int space = window.space();
    long[] split = new long[2 + 2 * space];
    long[] single = new long[2 + 2 * space];
    long[] within = new long[space];
    long[] covered = new long[space];
    long[] pads = new long[2 * (space + 2)];
    split[0] = -1;
    single[0] = -1;
    split[1] = size[0];
    single[1] = size[0];
    for (int i = 0; i < space; i++) {
      long windows = size[i + 1] / window.kernel()[i];
      covered[i] = windows * window.kernel()[i];
      split[2 + 2 * i] = windows;
      split[3 + 2 * i] = window.kernel()[i];
      single[2 + 2 * i] = windows;
      single[3 + 2 * i] = 1;
      within[i] = 3 + 2L * i;
      pads[space + 2 + 2 + i] = size[i + 1] - covered[i];
    }
    String blocks = e.reshape(cut(covered), split);
    String maximum = e.reshape(n.out(), single);
    String share = shared(blocks, maximum, e.reshape(n.cotangent(), single), within);
    long[] whole = LongStream.concat(LongStream.of(-1, size[0]), LongStream.of(covered)).toArray();
    return e.pad(e.reshape(share, whole), pads);
  }

  private String shared(String blocks, String maximum, String cotangent, long... within) {
    String taken = e.cast(e.equal(blocks, maximum), e.type(n.in(0)));
    String count = e.reduce("ReduceSum", taken, true, within);
    return e.mul(taken, e.div(cotangent, count));
  }

  private String cut(long... covered) {
    String image = n.in(0);
    for (int i = 0; i < covered.length; i++) {
      if (n.shape(0).dim(i + 2).size() != covered[i]) {
        image = e.slice(image, i + 2, e.integers(0), e.integers(covered[i]));
      }
    }
    return image;
  }
}
