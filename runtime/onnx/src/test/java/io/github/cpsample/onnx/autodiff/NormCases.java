package io.github.cpsample.onnx.autodiff;

import static io.github.cpsample.onnx.autodiff.ImageCases.pads;
import static io.github.cpsample.onnx.autodiff.ImageCases.strides;
import static io.github.cpsample.onnx.autodiff.OperatorCases.plain;
import static io.github.cpsample.onnx.autodiff.OperatorCases.size;

import io.github.cpsample.onnx.Attribute;
import java.util.List;

/** Norms over windows, over space and along axes, and local response normalisation. */
final class NormCases {

  private NormCases() {}

  static void addTo(List<OperatorCase> cases) {
    responses(cases);
    for (long p = 1; p < 5; p++) {
      Attribute order = Attribute.integer("p", p);
      cases.add(one("GlobalLpPool", "p " + p, size(2, 3, 4, 5), order));
      windows(cases, p, order);
    }
    cases.add(one("GlobalLpPool", "one-dimensional", size(2, 3, 5)));
    cases.add(one("GlobalLpPool", "old opset", size(2, 3, 4, 5)).atOpset(8));
    normalised(cases);
  }

  private static OperatorCase one(String operator, String variant, long[] x, Attribute... a) {
    return plain(operator, variant, List.of(x), a).inFloat();
  }

  private static void responses(List<OperatorCase> cases) {
    for (long size = 1; size < 6; size += 2) {
      cases.add(
          one(
              "LRN",
              "of " + size,
              size(2, 4, 3, 2),
              Attribute.integer("size", size),
              Attribute.decimal("alpha", 0.9f),
              Attribute.decimal("beta", 0.6f),
              Attribute.decimal("bias", 1.5f)));
    }
    cases.add(one("LRN", "defaults", size(1, 7, 3, 2), Attribute.integer("size", 5)).atOpset(8));
  }

  private static void windows(List<OperatorCase> cases, long p, Attribute order) {
    Attribute window = Attribute.ints("kernel_shape", 3, 2);
    long[] x = size(2, 2, 6, 5);
    cases.add(one("LpPool", "p " + p, x, order, window, strides(2, 1), pads(1, 0, 1, 1)));
    if (p > 2) {
      return;
    }
    cases.add(one("LpPool", "old opset, p " + p, x, order, window, strides(2, 3)).atOpset(8));
    cases.add(
        one(
                "LpPool",
                "dilated, ceil_mode, p " + p,
                x,
                order,
                window,
                strides(2, 2),
                Attribute.ints("dilations", 1, 2),
                Attribute.integer("ceil_mode", 1))
            .atOpset(18));
    cases.add(
        one(
            "LpPool",
            "same, p " + p,
            x,
            order,
            window,
            strides(2, 3),
            Attribute.string("auto_pad", "SAME_UPPER")));
    cases.add(
        one(
            "LpPool",
            "one-dimensional, p " + p,
            size(2, 3, 7),
            order,
            Attribute.ints("kernel_shape", 3),
            strides(2)));
  }

  private static void normalised(List<OperatorCase> cases) {
    for (long p = 1; p < 3; p++) {
      Attribute order = Attribute.integer("p", p);
      for (long axis : size(0, 1, -1)) {
        Attribute along = Attribute.integer("axis", axis);
        cases.add(
            plain(
                "LpNormalization",
                "p " + p + " axis " + axis,
                List.of(size(2, 3, 4)),
                order,
                along));
      }
      cases.add(
          plain("LpNormalization", "old opset, p " + p, List.of(size(2, 3)), order)
              .atOpset(8)
              .inFloat());
    }
  }
}
