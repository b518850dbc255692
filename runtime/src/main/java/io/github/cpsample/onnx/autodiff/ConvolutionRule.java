package io.github.cpsample.onnx.autodiff;

import io.github.cpsample.onnx.Attribute;
import io.github.cpsample.onnx.ElementType;
import io.github.cpsample.onnx.Shape;
import io.github.cpsample.onnx.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Convolution with a kernel that is not differentiated.
 *
 * <p>x: the transposed convolution of g with the same kernel. At stride 1 and with a constant
 * kernel that is a convolution with the kernel flipped in space and transposed in channels, padded
 * by dilation (k - 1) - pad; it runs about twice as fast on ONNX Runtime as ConvTranspose. Bias:
 * the sum of g over batch and space.
 */
final class ConvolutionRule implements AdjointRule {

  @Override
  public void apply(NodeAdjoint n) {
    n.requireInactive(1, "kernel");
    n.give(0, () -> image(n));
    n.give(
        2,
        () -> {
          int rank = n.shape(0).rank();
          long[] axes = IntStream.range(0, rank).filter(i -> i != 1).asLongStream().toArray();
          return n.emit().reduce("ReduceSum", n.cotangent(), false, axes);
        });
  }

  private static String image(NodeAdjoint n) {
    Window window = Window.of(n);
    Optional<Tensor> kernel = n.emit().constantValue(n.in(1)).filter(ConvolutionRule::isReal);
    long[] pads = window.flippedPads();
    boolean asConvolution =
        kernel.isPresent()
            && Arrays.stream(window.strides()).allMatch(s -> s == 1)
            && Arrays.stream(pads).allMatch(p -> p >= 0);
    return asConvolution
        ? n.emit()
            .node(
                "Conv",
                List.of(n.cotangent(), n.emit().constant(flipped(kernel.get(), window.group()))),
                Attribute.ints("dilations", window.dilations()),
                Attribute.ints("pads", pads),
                Attribute.integer("group", window.group()))
        : transposed(n, window);
  }

  private static boolean isReal(Tensor kernel) {
    return kernel.type() == ElementType.FLOAT || kernel.type() == ElementType.DOUBLE;
  }

  private static String transposed(NodeAdjoint n, Window window) {
    Shape x = n.shape(0);
    List<Attribute> attributes = new ArrayList<>();
    attributes.add(Attribute.ints("strides", window.strides()));
    attributes.add(Attribute.ints("dilations", window.dilations()));
    attributes.add(Attribute.ints("pads", window.pads()));
    attributes.add(Attribute.integer("group", window.group()));
    boolean exact = Arrays.stream(window.strides()).allMatch(s -> s == 1);
    if (!exact) {
      attributes.add(Attribute.ints("output_padding", window.remainder(n.fixedSizes(x, 2))));
    }
    return n.emit()
        .node(
            "ConvTranspose", List.of(n.cotangent(), n.in(1)), attributes.toArray(Attribute[]::new));
  }

  /** [M, C/group, k...] to [C, M/group, k... flipped], group by group. */
  private static Tensor flipped(Tensor kernel, int group) {
    long[] sizes = kernel.sizes();
    int outputs = (int) sizes[0] / group;
    int inputs = (int) sizes[1];
    int space = kernel.size() / (outputs * group * inputs);
    double[] from = kernel.doubles();
    double[] to = new double[from.length];
    for (int g = 0; g < group; g++) {
      for (int m = 0; m < outputs; m++) {
        for (int c = 0; c < inputs; c++) {
          int source = ((g * outputs + m) * inputs + c) * space;
          int target = ((g * inputs + c) * outputs + m) * space;
          for (int s = 0; s < space; s++) {
            to[target + space - 1 - s] = from[source + s];
          }
        }
      }
    }
    sizes[0] = (long) inputs * group;
    sizes[1] = outputs;
    return kernel.type() == ElementType.DOUBLE
        ? Tensor.of(to, sizes)
        : Tensor.of(floats(to), sizes);
  }

  private static float[] floats(double[] values) {
    float[] result = new float[values.length];
    for (int i = 0; i < values.length; i++) {
      result[i] = (float) values[i];
    }
    return result;
  }

  /** The geometry of a convolution: kernel, strides, dilations, pads (begins, then ends). */
  @SuppressWarnings("ArrayRecordComponent") // lives within one rule application, never compared
  private record Window(long[] kernel, long[] strides, long[] dilations, long[] pads, int group) {

    static Window of(NodeAdjoint n) {
      long[] kernel = n.fixedSizes(n.shape(1), 2);
      long[] ones = new long[kernel.length];
      Arrays.fill(ones, 1);
      long[] strides = n.node().ints("strides").orElse(ones);
      long[] dilations = n.node().ints("dilations").orElse(ones);
      int group = Math.toIntExact(n.node().integer("group", 1));
      Window unpadded = new Window(kernel, strides, dilations, new long[2 * kernel.length], group);
      String auto = n.node().string("auto_pad", "NOTSET");
      long[] pads =
          switch (auto) {
            case "SAME_UPPER", "SAME_LOWER" ->
                unpadded.same(n.fixedSizes(n.shape(0), 2), auto.equals("SAME_LOWER"));
            case "VALID" -> unpadded.pads;
            default -> n.node().ints("pads").orElse(unpadded.pads);
          };
      return new Window(kernel, strides, dilations, pads, group);
    }

    private long reach(int axis) {
      return dilations[axis] * (kernel[axis] - 1);
    }

    private long[] same(long[] size, boolean lower) {
      int space = kernel.length;
      long[] result = new long[2 * space];
      for (int i = 0; i < space; i++) {
        long outputs = (size[i] + strides[i] - 1) / strides[i];
        long total = Math.max(0, (outputs - 1) * strides[i] + reach(i) + 1 - size[i]);
        result[i] = lower ? total - total / 2 : total / 2;
        result[i + space] = total - result[i];
      }
      return result;
    }

    long[] flippedPads() {
      int space = kernel.length;
      return IntStream.range(0, 2 * space).mapToLong(i -> reach(i % space) - pads[i]).toArray();
    }

    /** Rows at the end of x that no window reached. */
    long[] remainder(long[] size) {
      int space = kernel.length;
      return IntStream.range(0, space)
          .mapToLong(i -> (size[i] + pads[i] + pads[i + space] - reach(i) - 1) % strides[i])
          .toArray();
    }
  }
}
