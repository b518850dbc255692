package io.github.cpsample.onnx.autodiff;

import io.github.cpsample.onnx.Attribute;
import io.github.cpsample.onnx.ElementType;
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
}
