package io.github.cpsample.onnx.autodiff;

import io.github.cpsample.onnx.Attribute;
import io.github.cpsample.onnx.ElementType;
import io.github.cpsample.onnx.Shape;
import io.github.cpsample.onnx.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;

/**
 * Average over sliding windows. x: every pixel gets g / count from every window that it lies in:
 * the transposed convolution of g / count with a kernel of ones.
 */
final class AveragePoolRule implements AdjointRule {

  /** The first opset whose Resize takes scales as its third input. */
  private static final int RESIZE = 11;

  @Override
  public void apply(NodeAdjoint n) {
    n.give(0, () -> image(n));
  }

  private static String image(NodeAdjoint n) {
    Emitter e = n.emit();
    Window window = WindowSum.window(n);
    WindowSum sum = new WindowSum(n, window);
    long elements = LongStream.of(window.kernel()).reduce(1, Math::multiplyExact);
    boolean plain =
        n.node().integer("ceil_mode", 0) == 0
            && (!window.isPadded() || n.node().integer("count_include_pad", 0) != 0);
    if (!plain) {
      return sum.image(e.mul(n.cotangent(), weights(n, window, sum)), 1);
    }
    return isTiling(n, window)
        ? repeated(n, window, e.scale(n.cotangent(), 1.0 / elements, n.in(0)))
        : sum.image(n.cotangent(), 1.0 / elements);
  }

  /** Whether every pixel lies in exactly one window. */
  private static boolean isTiling(NodeAdjoint n, Window window) {
    Shape image = n.shape(0);
    boolean tiles =
        n.emit().opset() >= RESIZE
            && n.emit().type(n.in(0)) == ElementType.FLOAT
            && image.rank() == 4
            && !window.isPadded();
    for (int i = 0; i < window.space() && tiles; i++) {
      tiles =
          window.kernel()[i] == window.strides()[i]
              && window.dilations()[i] == 1
              && image.dim(i + 2).isFixed()
              && image.dim(i + 2).size() % window.strides()[i] == 0;
    }
    return tiles;
  }

  private static String repeated(NodeAdjoint n, Window window, String share) {
    Emitter e = n.emit();
    float[] scales = {1, 1, window.strides()[0], window.strides()[1]};
    return e.repeatPixels(
        share,
        e.appender().shared("no roi", () -> Tensor.of(new float[0], 0)),
        e.constant(Tensor.of(scales, 4)));
  }

  /**
   * 1 / count of every window [1, 1, space...], as ONNX Runtime counts: the average of ones is n /
   * count with n the pixels in the window, which a convolution of ones counts.
   */
  private static String weights(NodeAdjoint n, Window window, WindowSum sum) {
    Emitter e = n.emit();
    List<String> sizes = new ArrayList<>(List.of(e.integers(1, 1)));
    for (int i = 2; i < n.rank(0); i++) {
      sizes.add(e.size(n.in(0), i));
    }
    String ones = e.expand(e.scalar(1, n.in(0)), e.concat(sizes, 0));
    String averages =
        e.node("AveragePool", List.of(ones), n.node().attributes().toArray(Attribute[]::new));
    boolean up = n.node().integer("ceil_mode", 0) != 0 && !window.isOpen();
    Window counted = up ? window.reachingFurther() : window;
    String counts =
        e.node(
            "Conv",
            List.of(ones, e.filled(1, n.in(0), sum.kernelSizes())),
            counted.attributes().toArray(Attribute[]::new));
    if (up) {
      for (int i = 2; i < n.rank(0); i++) {
        counts = e.slice(counts, i, e.integers(0), e.size(averages, i));
      }
    }
    return e.div(averages, counts);
  }
}
