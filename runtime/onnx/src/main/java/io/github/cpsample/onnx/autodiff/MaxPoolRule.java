package io.github.cpsample.onnx.autodiff;

import io.github.cpsample.onnx.Attribute;
import io.github.cpsample.onnx.ElementType;
import io.github.cpsample.onnx.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;

/**
 * Maximum over sliding windows. x: the pixel that a window took gets the window's g, by the indices
 * that the operator itself gives.
 */
final class MaxPoolRule implements AdjointRule {

  /** The first opset whose {@code ScatterElements} can add. */
  private static final int SCATTER_ADDS = 16;

  /** The first opset that has {@code Scatter}. */
  private static final int SCATTER = 9;

  @Override
  public void apply(NodeAdjoint n) {
    n.give(0, () -> image(n));
  }

  private static String image(NodeAdjoint n) {
    Emitter e = n.emit();
    Window window = WindowSum.window(n);
    if (e.opset() < SCATTER) {
      return new TiledMaximum(n, window).image();
    }
    String indices = indices(n);
    String zeros = e.zerosLike(flat(e, n.in(0)));
    if (!window.overlaps()) {
      return e.reshapeLike(scatter(e, zeros, indices, n.cotangent(), false), n.in(0));
    }
    return e.opset() >= SCATTER_ADDS
        ? e.reshapeLike(scatter(e, zeros, indices, n.cotangent(), true), n.in(0))
        : byClasses(n, window, zeros, indices);
  }

  /** Row-major indices of the pixels taken; those of another order are not used. */
  private static String indices(NodeAdjoint n) {
    if (n.node().integer("storage_order", 0) == 0) {
      return n.emit().furtherOutput(n.node(), 1, ElementType.INT64);
    }
    Attribute[] attributes =
        n.node().attributes().stream()
            .filter(a -> !a.name().equals("storage_order"))
            .toArray(Attribute[]::new);
    return n.emit().nodes("MaxPool", List.of(n.in(0)), 2, attributes).get(1);
  }

  private static String flat(Emitter e, String value) {
    return e.reshape(value, -1);
  }

  private static String scatter(
      Emitter e, String zeros, String indices, String values, boolean adds) {
    return adds
        ? e.scatterSum(zeros, flat(e, indices), flat(e, values), 0)
        : e.scatter(zeros, flat(e, indices), flat(e, values), 0);
  }

  /**
   * Before scattering could add: windows far enough from each other do not overlap, so every such
   * class of windows is scattered by itself, and the results are added.
   */
  private static String byClasses(NodeAdjoint n, Window window, String zeros, String indices) {
    Emitter e = n.emit();
    if (e.opset() < 10) {
      throw new NewerOpsetNeeded(SCATTER_ADDS, "the maximum over windows that overlap");
    }
    long[] period = new long[window.space()];
    long classes = 1;
    for (int i = 0; i < period.length; i++) {
      period[i] = window.reach(i) / window.strides()[i] + 1;
      classes = Math.multiplyExact(classes, period[i]);
    }
    if (classes > 1024) {
      throw new NewerOpsetNeeded(SCATTER_ADDS, "the maximum over windows that overlap that much");
    }
    List<String> parts = new ArrayList<>();
    for (long index = 0; index < classes; index++) {
      long[] starts = new long[period.length];
      long rest = index;
      for (int i = 0; i < starts.length; i++) {
        starts[i] = rest % period[i];
        rest /= period[i];
      }
      String taken = every(e, indices, starts, period);
      parts.add(scatter(e, zeros, taken, every(e, n.cotangent(), starts, period), false));
    }
    return e.reshapeLike(e.node("Sum", parts), n.in(0));
  }

  private static String every(Emitter e, String value, long[] starts, long... steps) {
    long[] ends = LongStream.generate(() -> Integer.MAX_VALUE).limit(starts.length).toArray();
    long[] axes = LongStream.range(2, starts.length + 2L).toArray();
    return e.node(
        "Slice", value, e.integers(starts), e.integers(ends), e.integers(axes), e.integers(steps));
  }

  /**
   * The adjoint of a maximum over windows that lie side by side, for opsets that cannot scatter: an
   * axis of windows and an axis within the window are compared with the maximum, and g goes where
   * they are equal, shared equally by equal pixels.
   */
  private static final class TiledMaximum {

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
        boolean sideBySide =
            window.kernel()[i] == window.strides()[i] && window.dilations()[i] == 1;
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
      long[] whole =
          LongStream.concat(LongStream.of(-1, size[0]), LongStream.of(covered)).toArray();
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
}
