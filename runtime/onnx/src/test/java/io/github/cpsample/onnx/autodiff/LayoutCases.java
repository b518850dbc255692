package io.github.cpsample.onnx.autodiff;

import static io.github.cpsample.onnx.autodiff.OperatorCases.plain;
import static io.github.cpsample.onnx.autodiff.OperatorCases.size;
import static io.github.cpsample.onnx.autodiff.OperatorCases.withIntegers;

import io.github.cpsample.onnx.Attribute;
import io.github.cpsample.onnx.Value;
import java.util.List;

/** Operators that only move or repeat elements. */
final class LayoutCases {

  private LayoutCases() {}

  static void addTo(List<OperatorCase> cases) {
    cases.add(withIntegers("Reshape", "open axis", size(2, 3, 4), List.of(new long[] {-1, 4})));
    cases.add(withIntegers("Reshape", "copied axis", size(2, 3, 4), List.of(new long[] {0, -1})));
    cases.add(toShapeOfOther());
    cases.add(plain("Flatten", "", List.of(size(2, 3, 4))));
    cases.add(plain("Flatten", "axis 2", List.of(size(2, 3, 4)), Attribute.integer("axis", 2)));
    cases.add(withIntegers("Squeeze", "", size(3, 1, 4), List.of(new long[] {1})));
    cases.add(
        plain("Squeeze", "old opset", List.of(size(3, 1, 4)), Attribute.ints("axes", 1))
            .atOpset(11));
    cases.add(withIntegers("Unsqueeze", "", size(2, 3, 4), List.of(new long[] {0, -1})));
    cases.add(
        plain("Unsqueeze", "old opset", List.of(size(3, 4)), Attribute.ints("axes", 1))
            .atOpset(11));
    cases.add(plain("Transpose", "", List.of(size(2, 3, 4)), Attribute.ints("perm", 1, 2, 0)));
    cases.add(plain("Transpose", "reversed", List.of(size(2, 3, 4))));
    cases.add(withIntegers("Expand", "", size(3, 1), List.of(new long[] {2, 3, 4})));
    cases.add(withIntegers("Expand", "equal", size(3, 4), List.of(new long[] {1, 4})));
    cases.add(withIntegers("Tile", "", size(2, 3), List.of(new long[] {3, 2})));
    sequences(cases);
    cases.add(plain("SpaceToDepth", "", List.of(size(2, 3, 4, 6)), blocks()).inFloat());
    cases.add(plain("DepthToSpace", "", List.of(size(2, 8, 2, 3)), blocks()).inFloat());
    cases.add(
        plain(
                "DepthToSpace",
                "CRD",
                List.of(size(2, 8, 2, 3)),
                blocks(),
                Attribute.string("mode", "CRD"))
            .inFloat());
  }

  private static void sequences(List<OperatorCase> cases) {
    for (long upper = 0; upper < 2; upper++) {
      Attribute side = Attribute.integer("upper", upper);
      cases.add(plain("Trilu", "upper " + upper, List.of(size(2, 3, 4)), side));
      cases.add(
          new OperatorCase(
              "Trilu",
              "diagonal -1, upper " + upper,
              (g, x, c) ->
                  g.node("Trilu", List.of(x.get(0), g.constant("k", new long[] {-1})), side),
              size(4, 3)));
    }
    for (int opset : new int[] {11, 17}) {
      for (int bits = 0; bits < 4; bits++) {
        cases.add(
            withIntegers(
                    "CumSum",
                    "reverse " + (bits & 1) + ", exclusive " + (bits >> 1),
                    size(2, 4, 3),
                    List.of(new long[] {bits - 2}),
                    Attribute.integer("reverse", bits & 1),
                    Attribute.integer("exclusive", bits >> 1))
                .atOpset(opset));
      }
    }
    cases.add(withIntegers("ReverseSequence", "", size(4, 3, 2), List.of(new long[] {4, 1, 3})));
    cases.add(
        withIntegers(
            "ReverseSequence",
            "batch first",
            size(3, 4, 2),
            List.of(new long[] {4, 1, 3}),
            Attribute.integer("batch_axis", 0),
            Attribute.integer("time_axis", 1)));
  }

  private static Attribute blocks() {
    return Attribute.integer("blocksize", 2);
  }

  private static OperatorCase toShapeOfOther() {
    return new OperatorCase(
        "Reshape",
        "to the shape of another",
        (g, x, c) -> {
          Value other = g.node("Shape", List.of(x.get(1)));
          return g.node("Mul", List.of(g.node("Reshape", List.of(x.get(0), other)), x.get(1)));
        },
        size(2, 3, 4),
        size(6, 4));
  }
}
