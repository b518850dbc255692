package io.github.cpsample.onnx.autodiff;

import io.github.cpsample.onnx.Attribute;
import io.github.cpsample.onnx.Node;
import io.github.cpsample.onnx.Tensor;
import java.util.List;
import java.util.Optional;
import java.util.stream.LongStream;

/**
 * Convolution.
 *
 * <p>x: the transposed convolution of g with the same kernel. At stride 1 and with a constant
 * kernel that is a convolution with the kernel flipped in space and transposed in channels, padded
 * by dilation (k - 1) - pad; it runs about twice as fast on ONNX Runtime as ConvTranspose. Other
 * strides: see {@link BlockedTransposition}. Kernel: see {@link KernelAdjoint}. Bias: the sum of g
 * over batch and space.
 *
 * <p>Where g is a product with a constant per channel, as behind a batch normalisation in inference
 * form, that constant is folded into the kernel.
 */
final class ConvolutionRule implements AdjointRule {

  /**
   * With fewer channels in x the flipped convolution is slower than the transposed one, and than
   * {@link BlockedTransposition} where that applies: ONNX Runtime's convolution computes 8 or 16
   * output channels at least (3x3, 32 to 4 channels, batch 16: 0.27 against 0.15 ms on one core).
   */
  private static final int FEWEST_CHANNELS = 8;

  @Override
  public void apply(NodeAdjoint n) {
    n.give(0, () -> image(n));
    n.give(
        1,
        () -> {
          KernelAdjoint kernel =
              new KernelAdjoint(n.emit(), window(n), n.node().integer("group", 1));
          return kernel.of(n.in(0), n.cotangent(), n.in(1));
        });
    n.give(2, () -> bias(n));
  }

  /** The cotangent of a bias that was added to all pixels of a channel. */
  static String bias(NodeAdjoint n) {
    long[] axes = LongStream.range(0, n.rank(0)).filter(i -> i != 1).toArray();
    return n.emit().reduce("ReduceSum", n.cotangent(), false, axes);
  }

  private static Window window(NodeAdjoint n) {
    return Window.of(n, kernelSizes(n));
  }

  /** The kernel's sizes in space. */
  static long[] kernelSizes(NodeAdjoint n) {
    return n.node().ints("kernel_shape").orElseGet(() -> n.fixedSizes(n.shape(1), 2));
  }

  private static String image(NodeAdjoint n) {
    Emitter e = n.emit();
    Window window = window(n);
    long group = n.node().integer("group", 1);
    Optional<Tensor> constant = e.constantValue(n.in(1)).filter(Constants::isReal);
    if (constant.isEmpty()) {
      return new TransposedWindow(e, window, group).apply(n.cotangent(), n.in(1), n.in(0));
    }
    long outputs = constant.get().sizes()[0];
    if (group < 1 || group > outputs || outputs % group != 0) {
      throw n.refuse("expected a group that divides " + outputs + " channels, found " + group);
    }
    Kernel kernel = new Kernel(constant.get(), Math.toIntExact(group));
    String cotangent = n.cotangent();
    Optional<Tensor> factors = channelFactors(e, cotangent, outputs);
    if (factors.isPresent()) {
      kernel = kernel.scaled(factors.get().doubles());
      cotangent = e.appender().producer(cotangent).orElseThrow().inputs().get(0);
    }
    boolean wide = constant.get().sizes()[1] * group >= FEWEST_CHANNELS;
    if (wide && window.movesByOne() && LongStream.of(window.flippedPads()).allMatch(p -> p >= 0)) {
      return e.node(
          "Conv",
          List.of(cotangent, e.constant(kernel.flipped())),
          Attribute.ints("dilations", window.dilations()),
          Attribute.ints("pads", window.flippedPads()),
          Attribute.integer("group", group));
    }
    Optional<BlockedTransposition> blocked =
        BlockedTransposition.of(e, window, kernel, cotangent, n.in(0));
    if (blocked.isPresent()) {
      return blocked.get().apply(cotangent);
    }
    String weights = factors.isPresent() ? e.constant(kernel.weights()) : n.in(1);
    return new TransposedWindow(e, window, group).apply(cotangent, weights, n.in(0));
  }

  /** The constant [M, 1, ...] that the cotangent is a product with, if it is one. */
  private static Optional<Tensor> channelFactors(Emitter e, String cotangent, long channels) {
    Optional<Node> product =
        e.appender().producer(cotangent).filter(node -> node.operator().equals("Mul"));
    return product
        .filter(node -> e.shape(node.inputs().get(0)).equals(e.shape(cotangent)))
        .flatMap(node -> e.constantValue(node.inputs().get(1)))
        .filter(Constants::isReal)
        .filter(t -> t.sizes().length > 1 && t.sizes()[0] == channels && t.size() == channels)
        .filter(t -> e.shape(cotangent).filter(s -> s.rank() == t.sizes().length + 1).isPresent());
  }
}
