package io.github.cpsample.onnx.autodiff;

import static io.github.cpsample.onnx.autodiff.OperatorCases.plain;
import static io.github.cpsample.onnx.autodiff.OperatorCases.size;

import io.github.cpsample.onnx.Attribute;
import java.util.List;

/** Normalisations, softmax, and reductions. */
final class NormalizationCases {

  private NormalizationCases() {}

  static void addTo(List<OperatorCase> cases) {
    softmax(cases);
    normalisations(cases);
    reductions(cases);
  }

  private static void softmax(List<OperatorCase> cases) {
    for (int opset : new int[] {11, 13}) {
      for (String operator : List.of("Softmax", "LogSoftmax")) {
        for (int axis : new int[] {1, -1}) {
          Attribute along = Attribute.integer("axis", axis);
          cases.add(plain(operator, "axis " + axis, List.of(size(2, 3, 4)), along).atOpset(opset));
        }
        cases.add(plain(operator, "default axis", List.of(size(2, 3, 4))).atOpset(opset));
      }
    }
  }

  private static void normalisations(List<OperatorCase> cases) {
    Attribute epsilon = Attribute.decimal("epsilon", 0.1f);
    cases.add(
        plain(
                "InstanceNormalization",
                "scale and bias vary",
                List.of(size(2, 3, 4, 5), size(3), size(3)),
                epsilon)
            .inFloat());
    cases.add(
        plain("InstanceNormalization", "rows", List.of(size(2, 3, 8), size(3), size(3))).inFloat());
    for (long[] x : List.of(size(2, 3, 4), size(2, 3), size(2, 3, 4, 5))) {
      cases.add(
          new OperatorCase(
                  "BatchNormalization",
                  "rank " + x.length,
                  (g, in, c) ->
                      g.node(
                          "BatchNormalization",
                          List.of(in.get(0), c.of(1, 3), c.of(2, 3), c.of(3, 3), c.of(4, 3)),
                          epsilon),
                  x)
              .between(0.2, 2));
    }
    layers(cases);
  }

  private static void layers(List<OperatorCase> cases) {
    for (int axis : new int[] {-1, 1}) {
      long[] scale = axis == -1 ? size(4) : size(3, 4);
      cases.add(
          plain(
              "LayerNormalization",
              "axis " + axis,
              List.of(size(2, 3, 4), scale, scale),
              Attribute.integer("axis", axis)));
      cases.add(
          plain(
                  "LayerNormalization",
                  "axis " + axis,
                  List.of(size(2, 3, 4), scale, scale),
                  Attribute.integer("axis", axis))
              .inFloat());
    }
    for (int opset : new int[] {8, 14, 17}) {
      for (long[] x : List.of(size(2, 3, 4), size(2, 3), size(2, 3, 4, 5))) {
        List<long[]> all = List.of(x, size(3), size(3), size(3), size(3));
        cases.add(
            plain("BatchNormalization", "all vary, rank " + x.length, all)
                .between(0.2, 2)
                .atOpset(opset)
                .inFloat());
      }
    }
    for (int opset : new int[] {18, 21}) {
      List<long[]> all =
          List.of(size(2, 4, 3, 3), size(opset < 21 ? 2 : 4), size(opset < 21 ? 2 : 4));
      cases.add(
          plain("GroupNormalization", "all vary", all, Attribute.integer("num_groups", 2))
              .inFloat()
              .atOpset(opset));
    }
    cases.add(groups(21, 4));
    cases.add(groups(18, 2));
  }

  private static OperatorCase groups(int opset, long parameters) {
    return new OperatorCase(
            "GroupNormalization",
            "",
            (g, x, c) ->
                g.node(
                    "GroupNormalization",
                    List.of(x.get(0), c.of(1, parameters), c.of(2, parameters)),
                    Attribute.integer("num_groups", 2)),
            size(2, 4, 3, 3))
        .inFloat()
        .atOpset(opset);
  }

  private static void reductions(List<OperatorCase> cases) {
    for (String operator :
        List.of(
            "ReduceSum",
            "ReduceMean",
            "ReduceSumSquare",
            "ReduceL2",
            "ReduceL1",
            "ReduceLogSumExp",
            "ReduceMax",
            "ReduceMin")) {
      reductions(cases, operator, -2, 2);
    }
    reductions(cases, "ReduceLogSum", 0.2, 3);
    reductions(cases, "ReduceProd", -2, 2);
    for (int opset : new int[] {9, 13}) {
      long[] x = size(2, 3, 4, 3);
      cases.add(plain("MeanVarianceNormalization", "", List.of(x)).atOpset(opset).inFloat());
      cases.add(
          plain("MeanVarianceNormalization", "axis 2", List.of(x), Attribute.ints("axes", 0, -2))
              .atOpset(opset)
              .inFloat());
    }
    cases.add(
        plain(
            "ReduceSum",
            "of nothing",
            List.of(size(2, 3)),
            Attribute.integer("noop_with_empty_axes", 1)));
    cases.add(plain("GlobalAveragePool", "", List.of(size(2, 3, 4, 5))).inFloat());
    for (String operator : List.of("GlobalMaxPool", "GlobalAveragePool")) {
      cases.add(plain(operator, "one-dimensional", List.of(size(2, 3, 7))).inFloat());
      cases.add(plain(operator, "three-dimensional", List.of(size(2, 3, 3, 2, 4))).inFloat());
    }
    cases.add(plain("GlobalMaxPool", "", List.of(size(2, 3, 4, 5))).inFloat());
    cases.add(plain("GlobalMaxPool", "", List.of(size(2, 3, 4, 5))).inFloat().atOpset(8));
  }

  private static void reductions(
      List<OperatorCase> cases, String operator, double low, double high) {
    for (int keep = 0; keep < 2; keep++) {
      Attribute keepdims = Attribute.integer("keepdims", keep);
      cases.add(
          plain(
                  operator,
                  "axes 0 and 2, keepdims " + keep,
                  List.of(size(2, 3, 4)),
                  Attribute.ints("axes", 0, -1),
                  keepdims)
              .between(low, high)
              .atOpset(11));
      cases.add(
          OperatorCases.withIntegers(
                  operator,
                  "axes as input, keepdims " + keep,
                  size(2, 3, 4),
                  List.of(new long[] {1}),
                  keepdims)
              .between(low, high)
              .atOpset(18));
    }
    cases.add(plain(operator, "all axes", List.of(size(2, 3))).between(low, high));
  }
}
