package io.github.cpsample.onnx.autodiff;

import static io.github.cpsample.onnx.autodiff.ImageCases.pads;
import static io.github.cpsample.onnx.autodiff.ImageCases.strides;
import static io.github.cpsample.onnx.autodiff.OperatorCases.plain;
import static io.github.cpsample.onnx.autodiff.OperatorCases.size;

import io.github.cpsample.onnx.Attribute;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/** Convolutions whose kernel, image and bias all depend on inputs. */
final class KernelCases {

  private KernelCases() {}

  static void addTo(List<OperatorCase> cases) {
    Attribute one = pads(1, 1, 1, 1);
    cases.add(conv("3x3 same", size(2, 3, 5, 4), size(4, 3, 3, 3), one));
    cases.add(conv("1x1", size(2, 3, 4, 4), size(4, 3, 1, 1)));
    cases.add(conv("old opset", size(2, 3, 5, 4), size(4, 3, 3, 3), one).atOpset(11));
    for (long rows = 5; rows < 8; rows++) {
      cases.add(
          conv("stride 2 of " + rows, size(2, 3, rows, 6), size(4, 3, 3, 2), one, strides(2, 2)));
    }
    Attribute two = Attribute.ints("dilations", 2, 2);
    cases.add(
        conv("dilated, strided", size(1, 2, 9, 8), size(3, 2, 3, 2), one, two, strides(2, 3)));
    Attribute halves = Attribute.integer("group", 2);
    cases.add(conv("grouped", size(2, 4, 5, 5), size(6, 2, 3, 2), pads(2, 0, 1, 1), halves));
    cases.add(
        conv(
            "depthwise",
            size(2, 4, 6, 6),
            size(4, 1, 3, 3),
            strides(2, 2),
            Attribute.integer("group", 4)));
    cases.add(conv("one-dimensional", size(2, 3, 9), size(4, 3, 3), pads(1, 0), strides(2)));
    cases.add(
        conv(
            "three-dimensional, grouped",
            size(2, 2, 4, 4, 4),
            size(4, 1, 2, 3, 2),
            strides(1, 2, 1),
            halves));
    for (String auto : List.of("SAME_UPPER", "SAME_LOWER", "VALID")) {
      cases.add(
          conv(
              auto,
              size(2, 2, 6, 7),
              size(3, 2, 4, 2),
              strides(3, 2),
              Attribute.string("auto_pad", auto)));
    }
    transposed(cases, halves);
  }

  private static void transposed(List<OperatorCase> cases, Attribute halves) {
    Attribute one = pads(1, 1, 1, 1);
    Attribute more = Attribute.ints("output_padding", 1, 0);
    cases.add(back("stride 1", size(2, 3, 4, 5), size(3, 4, 3, 3), one));
    cases.add(back("stride 2", size(2, 3, 3, 4), size(3, 4, 3, 2), one, strides(2, 2), more));
    cases.add(
        back(
            "grouped, dilated",
            size(2, 4, 3, 3),
            size(4, 2, 2, 2),
            strides(3, 2),
            halves,
            Attribute.ints("dilations", 2, 1)));
    for (String auto : List.of("SAME_UPPER", "SAME_LOWER")) {
      Attribute padding = Attribute.string("auto_pad", auto);
      cases.add(back(auto, size(1, 2, 3, 4), size(2, 2, 3, 4), strides(2, 2), padding));
      cases.add(back(auto + ", apart", size(1, 2, 3, 4), size(2, 2, 2, 2), strides(3, 2), padding));
    }
  }

  private static OperatorCase conv(
      String variant, long[] x, long[] kernel, Attribute... attributes) {
    return kernel("Conv", variant, x, kernel, size(kernel[0]), attributes);
  }

  private static OperatorCase back(
      String variant, long[] x, long[] kernel, Attribute... attributes) {
    boolean grouped = Stream.of(attributes).anyMatch(a -> a.name().equals("group"));
    long channels = kernel[1] * (grouped ? 2 : 1);
    return kernel("ConvTranspose", variant, x, kernel, size(channels), attributes);
  }

  private static OperatorCase kernel(
      String operator, String variant, long[] x, long[] kernel, long[] bias, Attribute... a) {
    long[] space = Arrays.copyOfRange(kernel, 2, kernel.length);
    Attribute[] all =
        Stream.concat(Stream.of(a), Stream.of(Attribute.ints("kernel_shape", space)))
            .toArray(Attribute[]::new);
    return plain(operator, "all vary, " + variant, List.of(x, kernel, bias), all).inFloat();
  }
}
