package io.github.cpsample.onnx.autodiff;

import static io.github.cpsample.onnx.autodiff.OperatorCases.size;

import io.github.cpsample.onnx.Attribute;
import java.util.List;

/** Convolutions; ONNX Runtime has them in float32 only. */
final class ImageCases {

  private ImageCases() {}

  static void addTo(List<OperatorCase> cases) {
    convolutions(cases);
    transposed(cases);
    normalised(cases);
  }

  static Attribute pads(long... pads) {
    return Attribute.ints("pads", pads);
  }

  static Attribute strides(long... strides) {
    return Attribute.ints("strides", strides);
  }

  private static OperatorCase conv(
      String operator, String variant, long[] x, long[] kernel, Attribute... attributes) {
    return new OperatorCase(
            operator,
            variant,
            (g, inputs, c) -> g.node(operator, List.of(inputs.get(0), c.of(1, kernel)), attributes),
            x)
        .inFloat();
  }

  private static OperatorCase conv(
      String variant, long[] x, long[] kernel, Attribute... attributes) {
    return conv("Conv", variant, x, kernel, attributes);
  }

  private static void convolutions(List<OperatorCase> cases) {
    Attribute one = pads(1, 1, 1, 1);
    cases.add(conv("3x3 same", size(2, 3, 6, 5), size(4, 3, 3, 3), one));
    cases.add(conv("1x1", size(2, 3, 4, 4), size(4, 3, 1, 1)));
    cases.add(conv("uneven pads", size(1, 2, 6, 5), size(4, 2, 3, 2), pads(2, 0, 1, 1)));
    cases.add(conv("pads beyond the kernel", size(1, 2, 4, 4), size(3, 2, 2, 2), pads(3, 2, 3, 2)));
    for (int rows = 5; rows < 8; rows++) {
      cases.add(
          conv("stride 2 of " + rows, size(2, 3, rows, 6), size(4, 3, 3, 3), one, strides(2, 2)));
    }
    cases.add(conv("stride 3 with rest", size(1, 2, 9, 8), size(4, 2, 2, 2), strides(3, 3)));
    dilatedAndGrouped(cases);
  }

  private static void dilatedAndGrouped(List<OperatorCase> cases) {
    Attribute one = pads(1, 1, 1, 1);
    Attribute two = Attribute.ints("dilations", 2, 2);
    cases.add(conv("dilated", size(1, 2, 8, 8), size(3, 2, 3, 3), pads(2, 2, 2, 2), two));
    cases.add(
        conv("dilated, stride 2", size(1, 2, 8, 7), size(3, 2, 3, 3), one, two, strides(2, 2)));
    Attribute halves = Attribute.integer("group", 2);
    cases.add(conv("grouped", size(2, 4, 5, 5), size(6, 2, 3, 3), one, halves));
    cases.add(
        conv(
            "depthwise, stride 2",
            size(2, 4, 6, 6),
            size(4, 1, 3, 3),
            one,
            strides(2, 2),
            Attribute.integer("group", 4)));
    cases.add(conv("wide", size(2, 8, 5, 4), size(3, 8, 3, 3), one));
    cases.add(conv("wide, uneven pads", size(1, 9, 6, 5), size(4, 9, 3, 2), pads(2, 0, 1, 1)));
    cases.add(conv("wide, dilated", size(1, 8, 8, 8), size(3, 8, 3, 2), pads(2, 2, 2, 2), two));
    cases.add(conv("wide, grouped", size(2, 8, 5, 5), size(6, 4, 3, 3), one, halves));
    cases.add(conv("wide, one-dimensional", size(2, 8, 9), size(4, 8, 3), pads(1, 1)));
    cases.add(conv("one-dimensional", size(2, 3, 9), size(4, 3, 3), pads(1, 1)));
    cases.add(conv("three-dimensional", size(1, 2, 4, 4, 4), size(3, 2, 2, 2, 2)));
    cases.add(conv("old opset", size(1, 2, 5, 5), size(3, 2, 3, 3), one).atOpset(8));
    paddedAndBiased(cases);
  }

  private static void paddedAndBiased(List<OperatorCase> cases) {
    Attribute one = pads(1, 1, 1, 1);
    for (String auto : List.of("SAME_UPPER", "SAME_LOWER", "VALID")) {
      Attribute padding = Attribute.string("auto_pad", auto);
      cases.add(conv(auto, size(1, 2, 7, 6), size(3, 2, 4, 3), padding));
      for (long rows = 5; rows < 8; rows++) {
        cases.add(
            conv(
                auto + ", strides 2 and 3 of " + rows,
                size(1, 2, rows, 7),
                size(3, 2, 4, 2),
                strides(2, 3),
                padding));
      }
      cases.add(
          conv(
                  auto + ", stride 2, old opset",
                  size(1, 2, 7, 6),
                  size(3, 2, 4, 3),
                  strides(2, 2),
                  padding)
              .atOpset(11));
    }
    cases.add(
        new OperatorCase(
                "Conv",
                "bias",
                (g, x, c) -> g.node("Conv", List.of(x.get(0), c.of(1, 4, 3, 3, 3), x.get(1))),
                size(2, 3, 5, 5),
                size(4))
            .inFloat());
    cases.add(
        new OperatorCase(
                "Conv",
                "kernel that the graph computes",
                (g, x, c) ->
                    g.node(
                        "Conv",
                        List.of(x.get(0), g.node("Neg", List.of(c.of(1, 4, 3, 3, 3)))),
                        one),
                size(2, 3, 5, 5))
            .inFloat());
  }

  private static void transposed(List<OperatorCase> cases) {
    String operator = "ConvTranspose";
    Attribute one = pads(1, 1, 1, 1);
    cases.add(conv(operator, "stride 1", size(2, 3, 4, 5), size(3, 4, 3, 3), one));
    cases.add(
        conv(
            operator,
            "stride 2, output padding",
            size(2, 3, 3, 3),
            size(3, 4, 3, 3),
            one,
            strides(2, 2),
            Attribute.ints("output_padding", 1, 1)));
    cases.add(
        conv(
            operator,
            "grouped, dilated",
            size(1, 4, 3, 3),
            size(4, 2, 2, 2),
            strides(2, 2),
            Attribute.integer("group", 2),
            Attribute.ints("dilations", 2, 1)));
    sized(cases, operator);
  }

  private static void sized(List<OperatorCase> cases, String operator) {
    cases.add(
        conv(
                operator,
                "output shape",
                size(1, 2, 3, 3),
                size(2, 2, 3, 3),
                strides(2, 2),
                Attribute.ints("output_shape", 6, 5))
            .needsSizes());
    for (String auto : List.of("SAME_UPPER", "SAME_LOWER")) {
      cases.add(
          conv(
              operator,
              auto,
              size(1, 2, 3, 3),
              size(2, 2, 3, 3),
              strides(2, 2),
              Attribute.string("auto_pad", auto)));
    }
    cases.add(
        new OperatorCase(
                operator,
                "bias",
                (g, x, c) -> g.node(operator, List.of(x.get(0), c.of(1, 3, 4, 2, 2), x.get(1))),
                size(2, 3, 3, 3),
                size(4))
            .inFloat());
  }

  /** The factors of a batch normalisation go into the kernel of the convolution before it. */
  private static void normalised(List<OperatorCase> cases) {
    for (long stride = 1; stride < 3; stride++) {
      Attribute step = strides(stride, stride);
      cases.add(
          new OperatorCase(
                  "BatchNormalization",
                  "behind a convolution of stride " + stride,
                  (g, x, c) ->
                      g.node(
                          "BatchNormalization",
                          List.of(
                              g.node("Conv", List.of(x.get(0), c.of(1, 4, 8, 3, 3)), step),
                              c.of(2, 4),
                              c.of(3, 4),
                              c.of(4, 4),
                              c.of(5, 4))),
                  size(2, 8, 5, 5))
              .between(0.2, 2)
              .inFloat());
    }
  }
}
