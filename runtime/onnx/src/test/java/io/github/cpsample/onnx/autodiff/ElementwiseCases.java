package io.github.cpsample.onnx.autodiff;

import static io.github.cpsample.onnx.autodiff.OperatorCases.plain;
import static io.github.cpsample.onnx.autodiff.OperatorCases.size;

import io.github.cpsample.onnx.Attribute;
import io.github.cpsample.onnx.ElementType;
import io.github.cpsample.onnx.Tensor;
import java.util.List;

/** Functions of one value, and arithmetic of several. */
final class ElementwiseCases {

  private ElementwiseCases() {}

  static void addTo(List<OperatorCase> cases) {
    unary(cases);
    activations(cases);
    arithmetic(cases);
    powers(cases);
    choices(cases);
  }

  private static OperatorCase one(String operator, Attribute... attributes) {
    return plain(operator, List.of(attributes).toString(), List.of(size(3, 4)), attributes);
  }

  private static void unary(List<OperatorCase> cases) {
    for (String operator :
        List.of("Identity", "Neg", "Exp", "Reciprocal", "Sin", "Cos", "Tanh", "Sigmoid", "Abs")) {
      cases.add(one(operator));
    }
    cases.add(one("Dropout"));
    cases.add(one("Dropout").atOpset(10));
    cases.add(one("Abs").atOpset(8).inFloat());
    for (String operator : List.of("Log", "Sqrt")) {
      cases.add(one(operator).between(0.2, 3));
    }
    cases.add(one("Tan").between(-1.2, 1.2).inFloat());
    for (String operator : List.of("Atan", "Sinh", "Cosh", "Asinh")) {
      cases.add(one(operator).inFloat());
      cases.add(one(operator).atOpset(9).inFloat());
    }
    for (String operator : List.of("Asin", "Acos", "Atanh")) {
      cases.add(one(operator).between(-0.8, 0.8).inFloat());
    }
    cases.add(one("Acosh").between(1.2, 3).inFloat());
    for (int opset : new int[] {9, 17}) {
      cases.add(one("Shrink").atOpset(opset).inFloat());
      cases.add(
          one("Shrink", Attribute.decimal("lambd", 0.7f), Attribute.decimal("bias", 0.4f))
              .atOpset(opset)
              .inFloat());
    }
    cases.add(
        new OperatorCase(
                "CastLike",
                "float64 and back",
                (g, x, c) -> {
                  var wide = g.constant("wide", Tensor.of(new double[] {1}));
                  var cast = g.node("CastLike", List.of(x.get(0), wide));
                  return g.node("CastLike", List.of(g.node("Mul", List.of(cast, cast)), x.get(0)));
                },
                size(2, 3))
            .inFloat());
    cases.add(
        new OperatorCase(
                "Cast",
                "to float64 and back",
                (g, x, c) -> {
                  var wide = g.node("Cast", x, to(ElementType.DOUBLE));
                  return g.node(
                      "Cast", List.of(g.node("Mul", List.of(wide, wide))), to(ElementType.FLOAT));
                },
                size(2, 3))
            .inFloat());
  }

  private static Attribute to(ElementType type) {
    return Attribute.integer("to", type.code());
  }

  private static void activations(List<OperatorCase> cases) {
    Attribute alpha = Attribute.decimal("alpha", 0.3f);
    cases.add(one("Relu"));
    cases.add(one("Relu").atOpset(8).inFloat());
    for (String operator : List.of("Elu", "LeakyRelu", "Celu", "ThresholdedRelu", "HardSigmoid")) {
      cases.add(one(operator).inFloat());
      cases.add(one(operator, alpha).inFloat());
    }
    cases.add(one("LeakyRelu", alpha).atOpset(8).inFloat());
    for (String operator : List.of("Softplus", "Softsign", "Erf", "Selu", "HardSwish")) {
      cases.add(one(operator).inFloat());
    }
    cases.add(one("HardSwish").between(-4, 4).inFloat());
    cases.add(one("Mish").atOpset(18).inFloat());
    cases.add(one("Gelu").atOpset(20).inFloat());
    cases.add(one("Gelu", Attribute.string("approximate", "tanh")).atOpset(20).inFloat());
    for (int first = 0; first < 2; first++) {
      int order = first;
      cases.add(
          new OperatorCase(
                  "Mul",
                  "with the own sigmoid, operand " + order,
                  (g, x, c) -> {
                    var s = g.node("Sigmoid", x);
                    return g.node("Mul", order == 0 ? List.of(x.get(0), s) : List.of(s, x.get(0)));
                  },
                  size(3, 4))
              .inFloat());
    }
    cases.add(two("PRelu", "slope per channel", size(2, 3, 4), size(3, 1)).inFloat());
  }

  private static OperatorCase two(String operator, String variant, long[] a, long[] b) {
    return plain(operator, variant, List.of(a, b));
  }

  private static void arithmetic(List<OperatorCase> cases) {
    for (String operator : List.of("Add", "Sub", "Mul", "Div", "Max", "Min", "Sum")) {
      cases.add(two(operator, "equal shapes", size(2, 3), size(2, 3)));
      cases.add(two(operator, "first broadcast", size(3, 1), size(2, 3, 4)));
      cases.add(two(operator, "second broadcast", size(2, 3, 4), size(2, 1, 4)));
      cases.add(two(operator, "both broadcast", size(2, 1, 4), size(3, 1)));
      cases.add(two(operator, "scalar", size(2, 3), size()));
      cases.add(two(operator, "old opset", size(2, 3, 4), size(3, 1)).atOpset(9).inFloat());
    }
    Attribute truncated = Attribute.integer("fmod", 1);
    cases.add(plain("Mod", "equal shapes", List.of(size(2, 3), size(2, 3)), truncated));
    cases.add(plain("Mod", "broadcast", List.of(size(2, 3), size(3)), truncated));
    cases.add(plain("Mod", "old opset", List.of(size(2, 3), size(3)), truncated).atOpset(10));
    cases.add(plain("Sum", "of one", List.of(size(2, 3))));
    cases.add(plain("Mean", "of four", List.of(size(2, 3), size(3), size(2, 1), size())).inFloat());
    cases.add(two("Mean", "broadcast", size(2, 3), size(3)).inFloat());
    cases.add(two("Max", "without Equal", size(2, 3), size(3)).atOpset(20));
    cases.add(two("Min", "without Equal", size(2, 3), size(3)).atOpset(21));
    cases.add(plain("Max", "of three", List.of(size(2, 3), size(3), size(2, 1))));
  }

  private static void powers(List<OperatorCase> cases) {
    for (double exponent : new double[] {-1.5, 0, 0.5, 1, 2, 2.5, 3, 4}) {
      cases.add(
          new OperatorCase(
                  "Pow",
                  "exponent " + exponent,
                  (g, x, c) ->
                      g.node(
                          "Pow",
                          List.of(x.get(0), g.constant("e", Tensor.of(new double[] {exponent})))),
                  size(2, 3))
              .between(0.2, 3));
    }
    cases.add(
        new OperatorCase(
            "Pow",
            "integer exponent, negative base",
            (g, x, c) -> g.node("Pow", List.of(x.get(0), g.constant("e", new long[] {3}))),
            size(2, 3)));
    cases.add(two("Pow", "both vary", size(2, 3), size(3)).between(0.2, 2));
  }

  private static void choices(List<OperatorCase> cases) {
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
    cases.add(
        new OperatorCase(
            "Clip",
            "bounds vary",
            (g, x, c) ->
                g.node(
                    "Clip",
                    List.of(
                        x.get(0),
                        g.node("Neg", List.of(g.node("Abs", List.of(x.get(1))))),
                        g.node("Abs", List.of(x.get(2))))),
            size(3, 4),
            size(),
            size()));
    cases.add(
        new OperatorCase(
            "Clip",
            "maximum only",
            (g, x, c) ->
                g.node(
                    "Clip",
                    List.of(x.get(0), g.omitted(), g.constant("max", Tensor.of(new double[] {1})))),
            size(3, 4)));
    cases.add(
        one("Clip", Attribute.decimal("min", -1), Attribute.decimal("max", 1))
            .atOpset(8)
            .inFloat());
  }
}
