package io.github.cpsample.onnx.autodiff;

import java.util.Map;

/**
 * Trigonometric and hyperbolic functions and their inverses, element by element; g is the
 * cotangent, x the input, y the output. Only operators that ONNX Runtime's CUDA provider has are
 * emitted: it has no hyperbolic ones but Tanh.
 */
final class TrigonometricRules {

  private TrigonometricRules() {}

  static void addTo(Map<String, AdjointRule> rules) {
    // g cos x
    put(rules, "Sin", (e, n) -> e.mul(n.cotangent(), e.cos(n.in(0))));
    // -g sin x
    put(rules, "Cos", (e, n) -> e.neg(e.mul(n.cotangent(), e.sin(n.in(0)))));
    // g (1 + y^2)
    put(rules, "Tan", (e, n) -> e.mul(n.cotangent(), squarePlus(e, n.out(), 1)));
    hyperbolic(rules);
    inverse(rules);
    inverseHyperbolic(rules);
  }

  private static void put(
      Map<String, AdjointRule> rules, String operator, UnaryRules.Derivative derivative) {
    UnaryRules.put(rules, operator, derivative);
  }

  private static void hyperbolic(Map<String, AdjointRule> rules) {
    // g (exp(x) + exp(-x)) / 2
    put(rules, "Sinh", (e, n) -> exponentials(e, n, "Add"));
    // g (exp(x) - exp(-x)) / 2
    put(rules, "Cosh", (e, n) -> exponentials(e, n, "Sub"));
  }

  private static String exponentials(Emitter e, NodeAdjoint n, String operator) {
    String growing = e.exp(n.in(0));
    String falling = e.exp(e.neg(n.in(0)));
    String half = e.scale(n.cotangent(), 0.5, n.in(0));
    return e.mul(half, e.node(operator, growing, falling));
  }

  private static void inverse(Map<String, AdjointRule> rules) {
    // g / sqrt(1 - x^2)
    put(rules, "Asin", (e, n) -> e.div(n.cotangent(), e.sqrt(oneMinusSquare(e, n))));
    // -g / sqrt(1 - x^2)
    put(rules, "Acos", (e, n) -> e.neg(e.div(n.cotangent(), e.sqrt(oneMinusSquare(e, n)))));
    // g / (1 + x^2)
    put(rules, "Atan", (e, n) -> e.div(n.cotangent(), squarePlus(e, n.in(0), 1)));
  }

  private static void inverseHyperbolic(Map<String, AdjointRule> rules) {
    // g / sqrt(x^2 + 1)
    put(rules, "Asinh", (e, n) -> e.div(n.cotangent(), e.sqrt(squarePlus(e, n.in(0), 1))));
    // g / sqrt(x^2 - 1)
    put(rules, "Acosh", (e, n) -> e.div(n.cotangent(), e.sqrt(squarePlus(e, n.in(0), -1))));
    // g / (1 - x^2)
    put(rules, "Atanh", (e, n) -> e.div(n.cotangent(), oneMinusSquare(e, n)));
  }

  private static String squarePlus(Emitter e, String value, double summand) {
    return e.add(e.mul(value, value), e.scalar(summand, value));
  }

  private static String oneMinusSquare(Emitter e, NodeAdjoint n) {
    return e.sub(e.scalar(1, n.in(0)), e.mul(n.in(0), n.in(0)));
  }
}
