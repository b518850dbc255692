package io.github.cpsample.onnx.autodiff;

import java.util.Map;

/**
 * Gaussian error linear units (Hendrycks and Gimpel 2016) and their approximations; g is the
 * cotangent. Those of the domain com.microsoft are what ONNX Runtime's optimiser makes of models,
 * some with a bias that is added to x first.
 */
final class GeluRules {

  private GeluRules() {}

  static void addTo(Map<String, AdjointRule> rules) {
    UnaryRules.put(
        rules,
        "Gelu",
        (e, n) -> {
          boolean tanh = n.node().string("approximate", "none").equals("tanh");
          return e.mul(n.cotangent(), tanh ? tanhSlope(e, n.in(0)) : slope(e, n.in(0)));
        });
    sigmoid(rules, "Swish", 1);
  }

  private static void sigmoid(Map<String, AdjointRule> rules, String operator, float otherwise) {
    // with s = sigmoid(alpha x): g (s + alpha y (1 - s))
    UnaryRules.put(
        rules,
        operator,
        (e, n) -> {
          String x = n.in(0);
          double alpha = n.node().decimal("alpha", otherwise);
          String s = e.sigmoid(e.scale(x, alpha, x));
          String bend = e.mul(n.out(), e.sub(e.scalar(1, x), s));
          return e.mul(n.cotangent(), e.add(s, e.scale(bend, alpha, x)));
        });
  }

  static void addContributedTo(Map<String, AdjointRule> rules) {
    rules.put("Gelu", n -> biased(n, GeluRules::slope));
    rules.put("BiasGelu", n -> biased(n, GeluRules::slope));
    rules.put("FastGelu", n -> biased(n, GeluRules::tanhSlope));
    sigmoid(rules, "QuickGelu", 1.702f);
  }

  /** The derivative at a value. */
  @FunctionalInterface
  private interface Slope {
    String at(Emitter e, String value);
  }

  /** x: g times the slope at x + bias; bias: the same, summed to its shape. */
  private static void biased(NodeAdjoint n, Slope slope) {
    Emitter e = n.emit();
    String x = n.node().hasInput(1) ? e.add(n.in(0), n.in(1)) : n.in(0);
    n.give(0, () -> e.mul(n.cotangent(), slope.at(e, x)));
    n.giveUnbroadcast(1, () -> e.mul(n.cotangent(), slope.at(e, x)));
  }

  /** Phi(x) + x phi(x) with the normal distribution Phi and its density phi. */
  private static String slope(Emitter e, String x) {
    String erf = e.node("Erf", e.scale(x, Math.sqrt(0.5), x));
    String distribution = e.scale(e.add(erf, e.scalar(1, x)), 0.5, x);
    String bell = e.exp(e.scale(e.mul(x, x), -0.5, x));
    String density = e.scale(bell, 1 / Math.sqrt(2 * Math.PI), x);
    return e.add(distribution, e.mul(x, density));
  }

  /** Of y = x (1 + t) / 2 with t = tanh(u), u = c (x + a x^3): (1 + t) / 2 + x (1 - t^2) u' / 2. */
  private static String tanhSlope(Emitter e, String x) {
    double c = Math.sqrt(2 / Math.PI);
    double a = 0.044715;
    String one = e.scalar(1, x);
    String square = e.mul(x, x);
    String u = e.mul(x, e.add(e.scale(square, c * a, x), e.scalar(c, x)));
    String t = e.tanh(u);
    String slope = e.add(e.scale(square, 3 * c * a, x), e.scalar(c, x));
    String rest = e.sub(one, e.mul(t, t));
    String bend = e.mul(rest, e.mul(x, slope));
    return e.scale(e.add(e.add(t, one), bend), 0.5, x);
  }
}
