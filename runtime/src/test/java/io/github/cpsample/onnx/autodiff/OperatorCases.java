package io.github.cpsample.onnx.autodiff;

import io.github.cpsample.onnx.Attribute;
import io.github.cpsample.onnx.ElementType;
import io.github.cpsample.onnx.Tensor;
import io.github.cpsample.onnx.Value;
import java.util.ArrayList;
import java.util.List;

/** A case for every operator that has a rule, and for every way to use it that matters. */
final class OperatorCases {

  private OperatorCases() {}

  static List<OperatorCase> all() {
    List<OperatorCase> cases = new ArrayList<>();
    unary(cases);
    arithmetic(cases);
    products(cases);
    convolutions(cases);
    normalisations(cases);
    reductions(cases);
    layouts(cases);
    return cases;
  }

  private static long[] size(long... sizes) {
    return sizes;
  }

  private static void unary(List<OperatorCase> cases) {
    for (String operator :
        List.of(
            "Identity",
            "Neg",
            "Exp",
            "Reciprocal",
            "Sin",
            "Cos",
            "Tanh",
            "Sigmoid",
            "Abs",
            "Relu",
            "Dropout")) {
      cases.add(plain(operator));
    }
    for (String operator : List.of("Softplus", "Erf", "Elu", "LeakyRelu")) {
      cases.add(plain(operator).inFloat());
    }
    for (String operator : List.of("Log", "Sqrt")) {
      cases.add(plain(operator).between(0.2, 3));
    }
    cases.add(plain("HardSigmoid").inFloat());
    cases.add(
        new OperatorCase(
                "Cast",
                "to float and back",
                (g, x, c) ->
                    g.node(
                        "Cast",
                        List.of(
                            g.node("Cast", x, Attribute.integer("to", ElementType.FLOAT.code()))),
                        Attribute.integer("to", ElementType.FLOAT.code())),
                size(2, 3))
            .inFloat());
    cases.add(
        new OperatorCase(
            "Clip",
            "both bounds",
            (g, x, c) ->
                g.node(
                    "Clip",
                    List.of(
                        x.get(0),
                        g.constant("min", Tensor.of(new double[] {-1})),
                        g.constant("max", Tensor.of(new double[] {1})))),
            size(3, 4)));
  }

  private static OperatorCase plain(String operator) {
    return new OperatorCase(operator, "", (g, x, c) -> g.node(operator, x), size(3, 4));
  }

  private static void arithmetic(List<OperatorCase> cases) {
    for (String operator : List.of("Add", "Sub", "Mul", "Div")) {
      cases.add(two(operator, "equal shapes", size(2, 3), size(2, 3)));
      cases.add(two(operator, "first broadcast", size(3, 1), size(2, 3, 4)));
      cases.add(two(operator, "second broadcast", size(2, 3, 4), size(2, 1, 4)));
      cases.add(two(operator, "both broadcast", size(2, 1, 4), size(3, 1)));
      cases.add(two(operator, "scalar", size(2, 3), size()));
    }
    for (String operator : List.of("Sum", "Max", "Min")) {
      cases.add(two(operator, "broadcast", size(2, 3), size(3)));
    }
    cases.add(two("Mean", "broadcast", size(2, 3), size(3)).inFloat());
    cases.add(
        new OperatorCase(
                "Pow",
                "constant exponent",
                (g, x, c) ->
                    g.node(
                        "Pow", List.of(x.get(0), g.constant("e", Tensor.of(new double[] {2.5})))),
                size(2, 3))
            .between(0.2, 3));
    cases.add(
        new OperatorCase(
            "Where",
            "both sides",
            (g, x, c) ->
                g.node(
                    "Where",
                    List.of(g.node("Greater", List.of(x.get(0), x.get(1))), x.get(0), x.get(1))),
            size(3, 4),
            size(4)));
  }

  private static OperatorCase two(String operator, String variant, long[] a, long[] b) {
    return new OperatorCase(operator, variant, (g, x, c) -> g.node(operator, x), a, b);
  }

  private static void products(List<OperatorCase> cases) {
    cases.add(two("MatMul", "matrices", size(2, 3), size(3, 4)));
    cases.add(two("MatMul", "stacks", size(2, 5, 3), size(2, 3, 4)));
    cases.add(two("MatMul", "broadcast stack", size(2, 5, 3), size(3, 4)));
    cases.add(two("MatMul", "both broadcast", size(2, 1, 5, 3), size(4, 3, 2)));
    for (int bits = 0; bits < 4; bits++) {
      int a = bits & 1;
      int b = bits >> 1;
      cases.add(
          new OperatorCase(
              "Gemm",
              "transA " + a + " transB " + b,
              (g, x, c) ->
                  g.node(
                      "Gemm",
                      x,
                      Attribute.integer("transA", a),
                      Attribute.integer("transB", b),
                      Attribute.decimal("alpha", 0.5f),
                      Attribute.decimal("beta", 2)),
              a == 0 ? size(2, 3) : size(3, 2),
              b == 0 ? size(3, 4) : size(4, 3),
              size(4)));
    }
  }

  private static void convolutions(List<OperatorCase> cases) {
    cases.add(conv("3x3 same", size(2, 3, 6, 5), size(4, 3, 3, 3), pads(1, 1, 1, 1)));
    cases.add(conv("1x1", size(2, 3, 4, 4), size(4, 3, 1, 1)));
    cases.add(conv("uneven pads", size(1, 2, 6, 5), size(4, 2, 3, 2), pads(2, 0, 1, 1)));
    cases.add(conv("pads beyond the kernel", size(1, 2, 4, 4), size(3, 2, 2, 2), pads(3, 2, 3, 2)));
    cases.add(
        conv("stride 2", size(2, 3, 7, 6), size(4, 3, 3, 3), pads(1, 1, 1, 1), strides(2, 2)));
    cases.add(conv("stride 3 with rest", size(1, 2, 9, 8), size(4, 2, 2, 2), strides(3, 3)));
    cases.add(
        conv(
            "dilated",
            size(1, 2, 8, 8),
            size(3, 2, 3, 3),
            pads(2, 2, 2, 2),
            Attribute.ints("dilations", 2, 2)));
    cases.add(
        conv(
            "grouped",
            size(2, 4, 5, 5),
            size(6, 2, 3, 3),
            pads(1, 1, 1, 1),
            Attribute.integer("group", 2)));
    cases.add(
        conv(
            "depthwise, stride 2",
            size(2, 4, 6, 6),
            size(4, 1, 3, 3),
            pads(1, 1, 1, 1),
            strides(2, 2),
            Attribute.integer("group", 4)));
    cases.add(conv("one-dimensional", size(2, 3, 9), size(4, 3, 3), pads(1, 1)));
    cases.add(conv("three-dimensional", size(1, 2, 4, 4, 4), size(3, 2, 2, 2, 2)));
    for (String auto : List.of("SAME_UPPER", "SAME_LOWER", "VALID")) {
      cases.add(
          conv(
              auto,
              size(1, 2, 7, 6),
              size(3, 2, 4, 3),
              strides(2, 2),
              Attribute.string("auto_pad", auto)));
    }
    cases.add(
        new OperatorCase(
                "Conv",
                "bias",
                (g, x, c) -> g.node("Conv", List.of(x.get(0), c.of(1, 4, 3, 3, 3), x.get(1))),
                size(2, 3, 5, 5),
                size(4))
            .inFloat());
  }

  private static Attribute pads(long... pads) {
    return Attribute.ints("pads", pads);
  }

  private static Attribute strides(long... strides) {
    return Attribute.ints("strides", strides);
  }

  private static OperatorCase conv(
      String variant, long[] x, long[] kernel, Attribute... attributes) {
    return new OperatorCase(
            "Conv",
            variant,
            (g, inputs, c) -> g.node("Conv", List.of(inputs.get(0), c.of(1, kernel)), attributes),
            x)
        .inFloat();
  }

  private static void normalisations(List<OperatorCase> cases) {
    for (int opset : new int[] {11, 13}) {
      for (String operator : List.of("Softmax", "LogSoftmax")) {
        for (int axis : new int[] {1, 2}) {
          cases.add(
              new OperatorCase(
                      operator,
                      "axis " + axis,
                      (g, x, c) -> g.node(operator, x, Attribute.integer("axis", axis)),
                      size(2, 3, 4))
                  .atOpset(opset));
        }
      }
    }
    cases.add(
        new OperatorCase(
                "InstanceNormalization",
                "",
                (g, x, c) ->
                    g.node("InstanceNormalization", List.of(x.get(0), c.of(1, 3), c.of(2, 3))),
                size(2, 3, 4, 5))
            .inFloat());
    cases.add(
        new OperatorCase(
                "BatchNormalization",
                "",
                (g, x, c) ->
                    g.node(
                        "BatchNormalization",
                        List.of(x.get(0), c.of(1, 3), c.of(2, 3), c.of(3, 3), c.of(4, 3))),
                size(2, 3, 4))
            .between(0.2, 2));
  }

  private static void reductions(List<OperatorCase> cases) {
    for (String operator :
        List.of("ReduceSum", "ReduceMean", "ReduceSumSquare", "ReduceL2", "ReduceLogSumExp")) {
      for (int keep = 0; keep < 2; keep++) {
        Attribute keepdims = Attribute.integer("keepdims", keep);
        cases.add(
            new OperatorCase(
                    operator,
                    "axes 0 and 2, keepdims " + keep,
                    (g, x, c) -> g.node(operator, x, Attribute.ints("axes", 0, -1), keepdims),
                    size(2, 3, 4))
                .atOpset(11));
        cases.add(
            new OperatorCase(
                    operator,
                    "axes as input, keepdims " + keep,
                    (g, x, c) ->
                        g.node(
                            operator,
                            List.of(x.get(0), g.constant("axes", new long[] {1}, 1)),
                            keepdims),
                    size(2, 3, 4))
                .atOpset(18));
      }
      cases.add(
          new OperatorCase(operator, "all axes", (g, x, c) -> g.node(operator, x), size(2, 3)));
    }
    cases.add(
        new OperatorCase(
                "GlobalAveragePool",
                "",
                (g, x, c) -> g.node("GlobalAveragePool", x),
                size(2, 3, 4, 5))
            .inFloat());
  }

  private static void layouts(List<OperatorCase> cases) {
    cases.add(reshaping("Reshape", "with open axis", 17, -1, 4));
    cases.add(new OperatorCase("Flatten", "", (g, x, c) -> g.node("Flatten", x), size(2, 3, 4)));
    cases.add(reshaping("Squeeze", "", 17, 1));
    cases.add(reshaping("Unsqueeze", "", 17, 0, 4));
    cases.add(
        new OperatorCase(
            "Transpose",
            "perm",
            (g, x, c) -> g.node("Transpose", x, Attribute.ints("perm", 1, 2, 0)),
            size(2, 3, 4)));
    cases.add(
        new OperatorCase(
            "Transpose", "reversed", (g, x, c) -> g.node("Transpose", x), size(2, 3, 4)));
    cases.add(
        new OperatorCase(
            "Concat",
            "two values, one twice",
            (g, x, c) ->
                g.node(
                    "Concat", List.of(x.get(0), x.get(1), x.get(0)), Attribute.integer("axis", -2)),
            size(2, 3, 4),
            size(2, 1, 4)));
    cases.add(
        new OperatorCase(
            "Split",
            "one part unused",
            (g, x, c) -> {
              List<Value> parts =
                  g.nodes(
                      "Split",
                      List.of(x.get(0), g.constant("parts", new long[] {1, 2, 1}, 3)),
                      3,
                      Attribute.integer("axis", 1));
              return g.node("Mul", List.of(parts.get(0), parts.get(2)));
            },
            size(2, 4)));
    cases.add(
        new OperatorCase(
            "Expand",
            "",
            (g, x, c) ->
                g.node("Expand", List.of(x.get(0), g.constant("shape", new long[] {2, 3, 4}, 3))),
            size(3, 1)));
    cases.add(
        new OperatorCase(
                "SpaceToDepth",
                "",
                (g, x, c) -> g.node("SpaceToDepth", x, Attribute.integer("blocksize", 2)),
                size(2, 3, 4, 6))
            .inFloat());
    cases.add(
        new OperatorCase(
                "DepthToSpace",
                "",
                (g, x, c) -> g.node("DepthToSpace", x, Attribute.integer("blocksize", 2)),
                size(2, 8, 2, 3))
            .inFloat());
    cases.add(
        new OperatorCase(
                "Resize",
                "nearest",
                (g, x, c) ->
                    g.node(
                        "Resize",
                        List.of(
                            x.get(0),
                            g.constant("roi", new float[0], 0),
                            g.constant("scales", new float[] {1, 1, 2, 3}, 4)),
                        Attribute.string("mode", "nearest"),
                        Attribute.string("coordinate_transformation_mode", "asymmetric"),
                        Attribute.string("nearest_mode", "floor")),
                size(2, 3, 4, 2))
            .inFloat());
  }

  private static OperatorCase reshaping(
      String operator, String variant, int opset, long... argument) {
    long[] x = operator.equals("Squeeze") ? size(3, 1, 4) : size(2, 3, 4);
    return new OperatorCase(
            operator,
            variant,
            (g, inputs, c) ->
                g.node(
                    operator,
                    List.of(inputs.get(0), g.constant("argument", argument, argument.length))),
            x)
        .atOpset(opset);
  }
}
