package io.github.cpsample.onnx.autodiff;

import io.github.cpsample.onnx.Attribute;
import java.util.List;
import java.util.Map;

/** Functions of one value, element by element; g is the cotangent, x the input, y the output. */
final class UnaryRules {

  private UnaryRules() {}

  /** The cotangent of x from the node; its first input is x. */
  @FunctionalInterface
  private interface Derivative {
    String cotangent(Emitter e, NodeAdjoint n);
  }

  static void addTo(Map<String, AdjointRule> rules) {
    smooth(rules);
    piecewise(rules);
  }

  private static void smooth(Map<String, AdjointRule> rules) {
    // g
    put(rules, "Identity", (e, n) -> n.cotangent());
    // g, inference only
    put(rules, "Dropout", (e, n) -> n.cotangent());
    // g in the input's type
    put(rules, "Cast", UnaryRules::cast);
    // -g
    put(rules, "Neg", (e, n) -> e.node("Neg", n.cotangent()));
    // g y
    put(rules, "Exp", (e, n) -> e.node("Mul", n.cotangent(), n.out()));
    // g / x
    put(rules, "Log", (e, n) -> e.node("Div", n.cotangent(), n.in(0)));
    // g / (2 y)
    put(rules, "Sqrt", (e, n) -> e.node("Div", e.scale(n.cotangent(), 0.5, n.in(0)), n.out()));
    // -g y^2
    put(
        rules,
        "Reciprocal",
        (e, n) -> e.node("Neg", e.node("Mul", n.cotangent(), e.node("Mul", n.out(), n.out()))));
    // g cos x
    put(rules, "Sin", (e, n) -> e.node("Mul", n.cotangent(), e.node("Cos", n.in(0))));
    // -g sin x
    put(
        rules,
        "Cos",
        (e, n) -> e.node("Neg", e.node("Mul", n.cotangent(), e.node("Sin", n.in(0)))));
    // g (1 - y^2)
    put(rules, "Tanh", (e, n) -> oneMinus(e, n, e.node("Mul", n.out(), n.out())));
    // g y (1 - y)
    put(rules, "Sigmoid", (e, n) -> e.node("Mul", oneMinus(e, n, n.out()), n.out()));
    // g sigmoid(x)
    put(rules, "Softplus", (e, n) -> e.node("Mul", n.cotangent(), e.node("Sigmoid", n.in(0))));
    // g 2 / sqrt(pi) exp(-x^2)
    put(rules, "Erf", UnaryRules::erf);
  }

  private static String oneMinus(Emitter e, NodeAdjoint n, String value) {
    return e.node("Mul", n.cotangent(), e.node("Sub", e.scalar(1, n.in(0)), value));
  }

  private static String cast(Emitter e, NodeAdjoint n) {
    return e.node("Cast", List.of(n.cotangent()), Attribute.integer("to", e.type(n.in(0)).code()));
  }

  private static String erf(Emitter e, NodeAdjoint n) {
    String bell = e.node("Exp", e.node("Neg", e.node("Mul", n.in(0), n.in(0))));
    return e.node("Mul", n.cotangent(), e.scale(bell, 2 / Math.sqrt(Math.PI), n.in(0)));
  }

  private static void piecewise(Map<String, AdjointRule> rules) {
    // g sign x
    put(rules, "Abs", (e, n) -> e.node("Mul", n.cotangent(), e.node("Sign", n.in(0))));
    // g where x > 0, else 0
    put(rules, "Relu", (e, n) -> where(e, positive(e, n), n.cotangent(), e.scalar(0, n.in(0))));
    // g where x > 0, else alpha g
    put(
        rules,
        "LeakyRelu",
        (e, n) ->
            where(
                e,
                positive(e, n),
                n.cotangent(),
                e.scale(n.cotangent(), n.node().decimal("alpha", 0.01f), n.in(0))));
    // g where x > 0, else g (y + alpha)
    put(
        rules,
        "Elu",
        (e, n) ->
            where(
                e,
                positive(e, n),
                n.cotangent(),
                e.node(
                    "Mul",
                    n.cotangent(),
                    e.node("Add", n.out(), e.scalar(n.node().decimal("alpha", 1), n.in(0))))));
    // alpha g where 0 < y < 1, else 0
    put(rules, "HardSigmoid", UnaryRules::hardSigmoid);
    // g where min < x < max, else 0; at the bounds themselves g, as PyTorch does
    rules.put("Clip", UnaryRules::clip);
  }

  private static String positive(Emitter e, NodeAdjoint n) {
    return e.node("Greater", n.in(0), e.scalar(0, n.in(0)));
  }

  private static String where(Emitter e, String condition, String yes, String no) {
    return e.node("Where", condition, yes, no);
  }

  private static String hardSigmoid(Emitter e, NodeAdjoint n) {
    String inside =
        e.node(
            "And",
            e.node("Greater", n.out(), e.scalar(0, n.in(0))),
            e.node("Less", n.out(), e.scalar(1, n.in(0))));
    String slope = e.scale(n.cotangent(), n.node().decimal("alpha", 0.2f), n.in(0));
    return where(e, inside, slope, e.scalar(0, n.in(0)));
  }

  /** What was not changed by clipping passes. Bounds are attributes before opset 11. */
  private static void clip(NodeAdjoint n) {
    n.requireInactive(1, "minimum");
    n.requireInactive(2, "maximum");
    Emitter e = n.emit();
    n.give(
        0, () -> where(e, e.node("Equal", n.in(0), n.out()), n.cotangent(), e.scalar(0, n.in(0))));
  }

  private static void put(Map<String, AdjointRule> rules, String operator, Derivative derivative) {
    rules.put(operator, n -> n.give(0, () -> derivative.cotangent(n.emit(), n)));
  }
}
