package io.github.cpsample.onnx.autodiff;

import static io.github.cpsample.onnx.autodiff.ImageCases.pads;
import static io.github.cpsample.onnx.autodiff.ImageCases.strides;
import static io.github.cpsample.onnx.autodiff.OperatorCases.plain;
import static io.github.cpsample.onnx.autodiff.OperatorCases.size;

import io.github.cpsample.onnx.Attribute;
import io.github.cpsample.onnx.Tensor;
import java.util.Arrays;
import java.util.List;

/** Pooling and changes of resolution; ONNX Runtime has most of them in float32 only. */
final class PoolingCases {

  private PoolingCases() {}

  static void addTo(List<OperatorCase> cases) {
    averages(cases);
    maxima(cases);
    resolutions(cases);
  }

  private static Attribute window(long... sizes) {
    return Attribute.ints("kernel_shape", sizes);
  }

  private static void averages(List<OperatorCase> cases) {
    String operator = "AveragePool";
    cases.add(pool(operator, "tiles", size(2, 3, 4, 6), window(2, 3), strides(2, 3)));
    cases.add(pool(operator, "tiles with rest", size(2, 3, 5, 5), window(2, 2), strides(2, 2)));
    cases.add(pool(operator, "overlapping", size(2, 3, 6, 5), window(3, 2), strides(2, 1)));
    cases.add(pool(operator, "one-dimensional", size(2, 3, 7), window(3), strides(2)));
    for (int count = 0; count < 2; count++) {
      Attribute included = Attribute.integer("count_include_pad", count);
      cases.add(
          pool(
              operator,
              "padded, count_include_pad " + count,
              size(1, 2, 5, 6),
              window(3, 3),
              strides(2, 2),
              pads(1, 1, 1, 1),
              included));
      cases.add(
          pool(
              operator,
              "ceil_mode, count_include_pad " + count,
              size(1, 2, 6, 5),
              window(3, 2),
              strides(2, 2),
              pads(1, 0, 0, 0),
              included,
              Attribute.integer("ceil_mode", 1)));
    }
    cases.add(
        pool(
            operator,
            "same",
            size(1, 2, 5, 5),
            window(3, 3),
            Attribute.string("auto_pad", "SAME_UPPER")));
    cases.add(
        pool(operator, "dilated", size(1, 2, 6, 6), window(2, 2), Attribute.ints("dilations", 2, 2))
            .atOpset(19));
    otherRanks(cases);
    strided(cases);
  }

  /** Every combination of counting and rounding, in one and three dimensions. */
  private static void otherRanks(List<OperatorCase> cases) {
    for (int bits = 0; bits < 4; bits++) {
      Attribute included = Attribute.integer("count_include_pad", bits & 1);
      Attribute up = Attribute.integer("ceil_mode", bits >> 1);
      String variant = ", count_include_pad " + (bits & 1) + ", ceil_mode " + (bits >> 1);
      cases.add(
          pool(
              "AveragePool",
              "one-dimensional" + variant,
              size(2, 3, 8),
              window(3),
              strides(2),
              pads(1, 0),
              included,
              up));
      cases.add(
          pool(
              "AveragePool",
              "three-dimensional" + variant,
              size(1, 2, 5, 4, 6),
              window(2, 3, 2),
              strides(2, 1, 3),
              pads(1, 1, 0, 0, 1, 1),
              included,
              up));
      cases.add(
          pool(
                  "AveragePool",
                  "dilated" + variant,
                  size(1, 2, 8, 7),
                  window(3, 2),
                  strides(2, 2),
                  pads(1, 1, 1, 0),
                  Attribute.ints("dilations", 2, 1),
                  included,
                  up)
              .atOpset(19));
    }
  }

  /** Windows whose padding follows from the image's size. */
  private static void strided(List<OperatorCase> cases) {
    for (String operator : List.of("AveragePool", "MaxPool")) {
      for (String auto : List.of("SAME_UPPER", "SAME_LOWER", "VALID")) {
        for (long rows = 5; rows < 8; rows++) {
          cases.add(
              pool(
                  operator,
                  auto + ", strides 2 and 3 of " + rows,
                  size(1, 2, rows, 7),
                  window(3, 2),
                  strides(2, 3),
                  Attribute.string("auto_pad", auto)));
        }
      }
    }
  }

  private static OperatorCase pool(
      String operator, String variant, long[] x, Attribute... attributes) {
    return plain(operator, variant, List.of(x), attributes).inFloat();
  }

  private static void maxima(List<OperatorCase> cases) {
    for (int opset : new int[] {8, 9, 11, 16}) {
      cases.add(
          pool("MaxPool", "tiles", size(2, 3, 4, 6), window(2, 3), strides(2, 3)).atOpset(opset));
      cases.add(
          pool("MaxPool", "tiles with rest", size(2, 3, 5, 7), window(2, 2), strides(2, 2))
              .atOpset(opset));
    }
    for (int opset : new int[] {11, 16}) {
      cases.add(
          pool(
                  "MaxPool",
                  "overlapping, padded",
                  size(2, 2, 6, 7),
                  window(3, 3),
                  strides(2, 2),
                  pads(1, 1, 1, 1))
              .atOpset(opset));
      cases.add(
          pool(
                  "MaxPool",
                  "dilated, ceil_mode",
                  size(1, 2, 7, 6),
                  window(2, 2),
                  strides(1, 2),
                  Attribute.ints("dilations", 2, 1),
                  Attribute.integer("ceil_mode", 1))
              .atOpset(opset));
    }
    for (int opset : new int[] {12, 17, 21}) {
      cases.add(
          pool("MaxPool", "one-dimensional", size(2, 3, 8), window(3), strides(2), pads(1, 0))
              .atOpset(opset));
      cases.add(
          pool(
                  "MaxPool",
                  "three-dimensional",
                  size(1, 2, 5, 4, 4),
                  window(3, 2, 2),
                  strides(2, 1, 2),
                  Attribute.ints("dilations", 1, 2, 1),
                  Attribute.integer("ceil_mode", 1))
              .atOpset(opset));
    }
    cases.add(
        pool(
            "MaxPool",
            "same",
            size(1, 2, 5, 5),
            window(2, 2),
            Attribute.string("auto_pad", "SAME_LOWER")));
  }

  private static OperatorCase resize(
      String variant, long[] x, float[] scales, Attribute... attributes) {
    return new OperatorCase(
            "Resize",
            variant + ", scales " + Arrays.toString(scales),
            (g, in, c) ->
                g.node(
                    "Resize",
                    List.of(
                        in.get(0),
                        g.constant("roi", new float[0], 0),
                        g.constant("scales", scales, scales.length)),
                    attributes),
            x)
        .inFloat();
  }

  private static void resolutions(List<OperatorCase> cases) {
    long[] x = size(2, 3, 4, 2);
    Attribute asymmetric = Attribute.string("coordinate_transformation_mode", "asymmetric");
    Attribute floor = Attribute.string("nearest_mode", "floor");
    Attribute linear = Attribute.string("mode", "linear");
    cases.add(resize("nearest", x, new float[] {1, 1, 2, 3}, asymmetric, floor));
    cases.add(resize("nearest, half pixel", x, new float[] {1, 1, 2, 2}));
    cases.add(resize("nearest, uneven", x, new float[] {1, 1, 1.5f, 0.5f}));
    cases.add(resize("nearest", size(2, 3, 4), new float[] {1, 1, 2}, asymmetric, floor));
    for (String mode : List.of("half_pixel", "pytorch_half_pixel", "align_corners", "asymmetric")) {
      Attribute coordinates = Attribute.string("coordinate_transformation_mode", mode);
      cases.add(resize("linear " + mode, x, new float[] {1, 1, 2, 2}, linear, coordinates));
    }
    cases.add(resize("cubic", x, new float[] {1, 1, 2, 1.5f}, Attribute.string("mode", "cubic")));
    otherForms(cases, x, linear);
  }

  private static void otherForms(List<OperatorCase> cases, long[] x, Attribute linear) {
    cases.add(
        new OperatorCase(
                "Resize",
                "linear to sizes",
                (g, in, c) ->
                    g.node(
                        "Resize",
                        List.of(
                            in.get(0),
                            g.omitted(),
                            g.omitted(),
                            g.constant("sizes", new long[] {2, 3, 6, 5}, 4)),
                        linear),
                x)
            .inFloat());
    cases.add(
        new OperatorCase(
                "Upsample",
                "",
                (g, in, c) ->
                    g.node(
                        "Upsample",
                        List.of(
                            in.get(0), g.constant("s", Tensor.of(new float[] {1, 1, 2, 3}, 4)))),
                x)
            .inFloat()
            .atOpset(9));
    cases.add(
        plain("Upsample", "attribute", List.of(x), Attribute.floats("scales", 1, 1, 2, 2))
            .inFloat()
            .atOpset(8));
  }
}
