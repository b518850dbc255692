package io.github.cpsample.onnx.autodiff;

import io.github.cpsample.onnx.Attribute;
import java.util.Arrays;
import java.util.List;

/**
 * Transposed convolution. x: the convolution of g with the same kernel, stride, dilation and pads.
 * Kernel: what the kernel of that convolution, from g to x, gets, see {@link KernelAdjoint}. Bias:
 * the sum of g over batch and space.
 */
final class TransposedConvolutionRule implements AdjointRule {

  @Override
  public void apply(NodeAdjoint n) {
    long group = n.node().integer("group", 1);
    n.give(0, () -> image(n, group));
    n.give(
        1, () -> new KernelAdjoint(n.emit(), window(n), group).of(n.cotangent(), n.in(0), n.in(1)));
    n.give(2, () -> ConvolutionRule.bias(n));
  }

  private static String image(NodeAdjoint n, long group) {
    Window window = window(n);
    return n.emit()
        .node(
            "Conv",
            List.of(n.cotangent(), n.in(1)),
            Attribute.ints("strides", window.strides()),
            Attribute.ints("dilations", window.dilations()),
            Attribute.ints("pads", window.pads()),
            Attribute.integer("group", group));
  }

  /** The window of the convolution from the output back to the image. */
  private static Window window(NodeAdjoint n) {
    long[] kernel = ConvolutionRule.kernelSizes(n);
    long[] ones = new long[kernel.length];
    Arrays.fill(ones, 1);
    long[] strides = n.node().ints("strides").orElse(ones);
    long[] dilations = n.node().ints("dilations").orElse(ones);
    long[] more = n.node().ints("output_padding").orElse(new long[kernel.length]);
    Window unpadded = new Window(kernel, strides, dilations, new long[2 * kernel.length]);
    long[] pads = pads(n, unpadded, more).clone();
    for (int i = 0; i < more.length; i++) {
      if (more[i] >= strides[i]) {
        // the convolution must not start another window in what output_padding added
        pads[i + more.length] -= more[i];
      }
    }
    if (Arrays.stream(pads).anyMatch(p -> p < 0)) {
      throw n.refuse("expected pads that are not negative, found " + Arrays.toString(pads));
    }
    return new Window(kernel, strides, dilations, pads);
  }

  /** The pads, or those that follow from the output's size where that is given instead. */
  private static long[] pads(NodeAdjoint n, Window window, long... more) {
    int space = window.space();
    String auto = n.node().string("auto_pad", "NOTSET");
    boolean sized = n.node().ints("output_shape").isPresent();
    if (!sized && !auto.startsWith("SAME")) {
      return n.node().ints("pads").orElse(new long[2 * space]);
    }
    long[] beyond = sized ? beyond(n, window) : new long[space];
    long[] pads = new long[2 * space];
    for (int i = 0; i < space; i++) {
      // the output is stride times as large as the image, and by so much larger
      long total = more[i] + window.reach(i) + 1 - window.strides()[i] - beyond[i];
      long half = Math.max(0, total) / 2;
      pads[i] = auto.equals("SAME_UPPER") ? half : Math.max(0, total) - half;
      pads[i + space] = Math.max(0, total) - pads[i];
    }
    return pads;
  }

  private static long[] beyond(NodeAdjoint n, Window window) {
    long[] image = n.fixedSizes(n.shape(0), 2);
    long[] output =
        n.fixedSizes(
            n.emit()
                .shape(n.out())
                .orElseThrow(() -> n.refuse("the shape of its output is not known")),
            2);
    for (int i = 0; i < output.length; i++) {
      output[i] -= image[i] * window.strides()[i];
    }
    return output;
  }
}
