package io.github.cpsample.onnx.autodiff;

import io.github.cpsample.onnx.ElementType;
import java.util.Map;

/**
 * Smooth functions of one value, element by element; g is the cotangent, x the input, y the output.
 */
final class UnaryRules {

  private UnaryRules() {}

  /** The cotangent of x from the node; its first input is x. */
  @FunctionalInterface
  interface Derivative {
    String cotangent(Emitter e, NodeAdjoint n);
  }

  static void put(Map<String, AdjointRule> rules, String operator, Derivative derivative) {
    rules.put(operator, n -> n.give(0, () -> derivative.cotangent(n.emit(), n)));
  }

  static void addTo(Map<String, AdjointRule> rules) {
    // g
    put(rules, "Identity", (e, n) -> n.cotangent());
    rules.put("Dropout", UnaryRules::dropout);
    // g in the input's type; integers stand for float32 numbers, see StraightThrough
    put(
        rules,
        "Cast",
        (e, n) -> {
          ElementType type = e.type(n.in(0));
          return e.cast(n.cotangent(), type.isFloatingPoint() ? type : ElementType.FLOAT);
        });
    put(rules, "CastLike", (e, n) -> e.cast(n.cotangent(), e.type(n.in(0))));
    // -g
    put(rules, "Neg", (e, n) -> e.neg(n.cotangent()));
    // g y
    put(rules, "Exp", (e, n) -> e.mul(n.cotangent(), n.out()));
    // g / x
    put(rules, "Log", (e, n) -> e.div(n.cotangent(), n.in(0)));
    // g / (2 y)
    put(rules, "Sqrt", (e, n) -> e.div(e.scale(n.cotangent(), 0.5, n.in(0)), n.out()));
    // -g y^2
    put(rules, "Reciprocal", (e, n) -> e.neg(e.mul(n.cotangent(), e.mul(n.out(), n.out()))));
    sigmoidal(rules);
  }

  private static void sigmoidal(Map<String, AdjointRule> rules) {
    // g (1 - y^2)
    put(rules, "Tanh", (e, n) -> e.mul(n.cotangent(), oneMinus(e, n, e.mul(n.out(), n.out()))));
    // g (y (1 - y))
    put(rules, "Sigmoid", (e, n) -> e.mul(n.cotangent(), e.mul(n.out(), oneMinus(e, n, n.out()))));
    // g sigmoid(x)
    put(rules, "Softplus", (e, n) -> e.mul(n.cotangent(), e.sigmoid(n.in(0))));
    // g (1 - |y|)^2
    put(
        rules,
        "Softsign",
        (e, n) -> {
          String rest = oneMinus(e, n, e.abs(n.out()));
          return e.mul(n.cotangent(), e.mul(rest, rest));
        });
    gaussian(rules);
  }

  private static void gaussian(Map<String, AdjointRule> rules) {
    // g 2 / sqrt(pi) exp(-x^2)
    put(
        rules,
        "Erf",
        (e, n) -> {
          String bell = e.exp(e.neg(e.mul(n.in(0), n.in(0))));
          return e.mul(n.cotangent(), e.scale(bell, 2 / Math.sqrt(Math.PI), n.in(0)));
        });
    GeluRules.addTo(rules);
    // with t = tanh(softplus x): g (t + x (1 - t^2) sigmoid x)
    put(
        rules,
        "Mish",
        (e, n) -> {
          String t = e.tanh(e.node("Softplus", n.in(0)));
          String slope = e.mul(oneMinus(e, n, e.mul(t, t)), e.sigmoid(n.in(0)));
          return e.mul(n.cotangent(), e.add(t, e.mul(n.in(0), slope)));
        });
  }

  private static String oneMinus(Emitter e, NodeAdjoint n, String value) {
    return e.sub(e.scalar(1, n.in(0)), value);
  }

  /** g; in training form g / (1 - ratio) where the element was kept, by the mask of the node. */
  private static void dropout(NodeAdjoint n) {
    Emitter e = n.emit();
    boolean inference =
        !n.node().hasInput(2)
            || e.constantValue(n.in(2))
                .filter(t -> t.type() == ElementType.BOOL && t.size() == 1)
                .filter(t -> t.bytes().get(0) == 0)
                .isPresent();
    if (inference) {
      n.give(0, n::cotangent);
      return;
    }
    n.give(
        0,
        () -> {
          String kept = e.where(e.furtherOutput(n.node(), 1, ElementType.BOOL), n.cotangent());
          String ratio =
              n.node().hasInput(1) ? e.cast(n.in(1), e.type(n.in(0))) : e.scalar(0.5, n.in(0));
          String scaled = e.div(kept, e.sub(e.scalar(1, n.in(0)), ratio));
          return e.where(n.in(2), scaled, n.cotangent());
        });
  }
}
