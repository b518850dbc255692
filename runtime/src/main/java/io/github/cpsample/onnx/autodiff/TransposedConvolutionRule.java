package io.github.cpsample.onnx.autodiff;

import io.github.cpsample.onnx.Attribute;
import java.util.Arrays;
import java.util.List;

/**
 * Transposed convolution with a kernel that is not differentiated. x: the convolution of g with the
 * same kernel, stride, dilation and pads. Bias: the sum of g over batch and space.
 */
final class TransposedConvolutionRule implements AdjointRule {

  @Override
  public void apply(NodeAdjoint n) {
    n.requireInactive(1, "kernel");
    n.give(0, () -> image(n));
    n.give(2, () -> ConvolutionRule.bias(n));
  }

  private static String image(NodeAdjoint n) {
    long[] kernel = n.fixedSizes(n.shape(1), 2);
    long[] ones = new long[kernel.length];
    Arrays.fill(ones, 1);
    long[] strides = n.node().ints("strides").orElse(ones);
    long[] dilations = n.node().ints("dilations").orElse(ones);
    long[] more = n.node().ints("output_padding").orElse(new long[kernel.length]);
    Window window = new Window(kernel, strides, dilations, pads(n, kernel, strides, dilations));
    long[] pads = window.pads().clone();
    for (int i = 0; i < more.length; i++) {
      if (more[i] >= strides[i]) {
        // the convolution must not start another window in what output_padding added
        pads[i + more.length] -= more[i];
      }
    }
    if (Arrays.stream(pads).anyMatch(p -> p < 0)) {
      throw n.refuse("expected pads that are not negative, found " + Arrays.toString(pads));
    }
    return n.emit()
        .node(
            "Conv",
            List.of(n.cotangent(), n.in(1)),
            Attribute.ints("strides", strides),
            Attribute.ints("dilations", dilations),
            Attribute.ints("pads", pads),
            Attribute.integer("group", n.node().integer("group", 1)));
  }

  /** The pads, or those that follow from the output's size where that is given instead. */
  private static long[] pads(NodeAdjoint n, long[] kernel, long[] strides, long... dilations) {
    int space = kernel.length;
    String auto = n.node().string("auto_pad", "NOTSET");
    boolean sized = n.node().ints("output_shape").isPresent();
    if (!sized && !auto.startsWith("SAME")) {
      return n.node().ints("pads").orElse(new long[2 * space]);
    }
    long[] image = n.fixedSizes(n.shape(0), 2);
    long[] output =
        n.fixedSizes(
            n.emit()
                .shape(n.out())
                .orElseThrow(() -> n.refuse("the shape of its output is not known")),
            2);
    long[] more = n.node().ints("output_padding").orElse(new long[space]);
    long[] pads = new long[2 * space];
    for (int i = 0; i < space; i++) {
      long reach = dilations[i] * (kernel[i] - 1) + 1;
      long total = strides[i] * (image[i] - 1) + more[i] + reach - output[i];
      long half = Math.max(0, total) / 2;
      pads[i] = auto.equals("SAME_UPPER") ? half : Math.max(0, total) - half;
      pads[i + space] = Math.max(0, total) - pads[i];
    }
    return pads;
  }
}
