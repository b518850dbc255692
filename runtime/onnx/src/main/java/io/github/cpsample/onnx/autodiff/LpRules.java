package io.github.cpsample.onnx.autodiff;

import java.util.Map;
import java.util.stream.LongStream;

/**
 * Norms y = (sum |x|^p)^(1/p) over windows, over space or along an axis; g is the cotangent. The
 * derivative of y is sign(x) |x|^(p-1) / y^(p-1); where y = 0 that is 0, as in PyTorch.
 */
final class LpRules {

  private LpRules() {}

  static void addTo(Map<String, AdjointRule> rules) {
    // sign(x) |x|^(p-1) times the sum of g / y^(p-1) over the windows of the pixel
    UnaryRules.put(
        rules,
        "LpPool",
        (e, n) -> {
          String share = share(n, n.cotangent(), n.out());
          return directed(n, new WindowSum(n, WindowSum.window(n)).image(share, 1));
        });
    // sign(x) |x|^(p-1) g / y^(p-1)
    UnaryRules.put(rules, "GlobalLpPool", (e, n) -> directed(n, share(n, n.cotangent(), n.out())));
    UnaryRules.put(rules, "LpNormalization", LpRules::normalised);
  }

  private static long order(NodeAdjoint n) {
    long p = n.node().integer("p", 2);
    if (p < 1) {
      throw n.refuse("expected a norm with p of 1 or more, found " + p);
    }
    return p;
  }

  /** g / y^(p-1), and 0 where y is 0. */
  private static String share(NodeAdjoint n, String g, String y) {
    Emitter e = n.emit();
    long p = order(n);
    if (p == 1) {
      return g;
    }
    String power = p == 2 ? y : e.node("Pow", y, e.scalar(p - 1.0, y));
    return e.where(e.greater(y, e.scalar(0, y)), e.div(g, power));
  }

  /** sign(x) |x|^(p-1) times a value that broadcasts to x. */
  private static String directed(NodeAdjoint n, String value) {
    Emitter e = n.emit();
    String x = n.in(0);
    long p = order(n);
    if (p == 1) {
      return PiecewiseRules.signed(e, x, value);
    }
    String power = p == 2 ? x : e.mul(x, e.node("Pow", e.abs(x), e.scalar(p - 2.0, x)));
    return e.mul(power, value);
  }

  /**
   * y = x / s with s the norm along an axis: (g - d sum(g y)) / s with d = y for p = 2 and sign(x)
   * for p = 1; 0 where s is 0, where ONNX Runtime gives y = 0.
   */
  private static String normalised(Emitter e, NodeAdjoint n) {
    long p = order(n);
    if (p > 2) {
      throw n.refuse("expected a norm with p of 1 or 2, found " + p);
    }
    long[] axis = LongStream.of(n.axis(n.node().integer("axis", -1), 0)).toArray();
    String norm = e.reduce("ReduceL" + p, n.in(0), true, axis);
    String sum = e.reduce("ReduceSum", e.mul(n.cotangent(), n.out()), true, axis);
    String along = p == 1 ? PiecewiseRules.signed(e, n.in(0), sum) : e.mul(n.out(), sum);
    String slope = e.div(e.sub(n.cotangent(), along), norm);
    return e.where(e.greater(norm, e.scalar(0, norm)), slope);
  }
}
