package io.github.cpsample.onnx.autodiff;

import java.util.Map;
import java.util.Optional;

/**
 * Functions of one value with kinks, element by element; g is the cotangent, x the input, y the
 * output. At a kink the derivative is that of one side, as in PyTorch.
 */
final class PiecewiseRules {

  private static final double SELU_ALPHA = 1.6732632f;
  private static final double SELU_GAMMA = 1.050701f;

  private PiecewiseRules() {}

  static void addTo(Map<String, AdjointRule> rules) {
    // g where x > 0, -g where x < 0
    UnaryRules.put(rules, "Abs", (e, n) -> signed(e, n.in(0), n.cotangent()));
    // g where y > 0, else 0
    UnaryRules.put(
        rules, "Relu", (e, n) -> e.where(e.greater(n.out(), e.scalar(0, n.in(0))), n.cotangent()));
    // g where x > 0, else alpha g
    UnaryRules.put(
        rules,
        "LeakyRelu",
        (e, n) -> e.where(positive(e, n), n.cotangent(), scaled(n, n.cotangent(), alpha(n, 0.01))));
    // g where x > alpha, else 0
    UnaryRules.put(
        rules,
        "ThresholdedRelu",
        (e, n) -> e.where(e.greater(n.in(0), e.scalar(alpha(n, 1), n.in(0))), n.cotangent()));
    // g where |x| > lambd, else 0
    UnaryRules.put(
        rules,
        "Shrink",
        (e, n) -> {
          String bound = e.scalar(n.node().decimal("lambd", 0.5f), n.in(0));
          return e.where(e.greater(e.abs(n.in(0)), bound), n.cotangent());
        });
    exponential(rules);
  }

  private static void exponential(Map<String, AdjointRule> rules) {
    // g where x > 0, else g (y + alpha)
    UnaryRules.put(
        rules,
        "Elu",
        (e, n) -> e.where(positive(e, n), n.cotangent(), exponential(n, alpha(n, 1))));
    // gamma g where x > 0, else g (y + gamma alpha)
    UnaryRules.put(
        rules,
        "Selu",
        (e, n) -> {
          double gamma = decimal(n, "gamma", SELU_GAMMA);
          return e.where(
              positive(e, n),
              scaled(n, n.cotangent(), gamma),
              exponential(n, gamma * decimal(n, "alpha", SELU_ALPHA)));
        });
    // g where x > 0, else g (y / alpha + 1)
    UnaryRules.put(
        rules,
        "Celu",
        (e, n) ->
            e.where(
                positive(e, n),
                n.cotangent(),
                e.mul(
                    n.cotangent(),
                    e.add(scaled(n, n.out(), 1 / alpha(n, 1)), e.scalar(1, n.in(0))))));
    others(rules);
  }

  private static void others(Map<String, AdjointRule> rules) {
    rules.put("PRelu", PiecewiseRules::pRelu);
    UnaryRules.put(rules, "HardSigmoid", PiecewiseRules::hardSigmoid);
    UnaryRules.put(rules, "HardSwish", PiecewiseRules::hardSwish);
    rules.put("Clip", PiecewiseRules::clip);
  }

  /** A value, which broadcasts to x, where x > 0; its negative where x < 0; 0 where x = 0. */
  static String signed(Emitter e, String x, String value) {
    String zero = e.scalar(0, x);
    return e.sub(e.where(e.greater(x, zero), value), e.where(e.less(x, zero), value));
  }

  private static double decimal(NodeAdjoint n, String attribute, double otherwise) {
    return n.node().attribute(attribute).isPresent() ? n.node().decimal(attribute, 0) : otherwise;
  }

  private static double alpha(NodeAdjoint n, double otherwise) {
    return decimal(n, "alpha", otherwise);
  }

  private static String positive(Emitter e, NodeAdjoint n) {
    return e.greater(n.in(0), e.scalar(0, n.in(0)));
  }

  private static String scaled(NodeAdjoint n, String value, double factor) {
    return n.emit().scale(value, factor, n.in(0));
  }

  private static String exponential(NodeAdjoint n, double offset) {
    Emitter e = n.emit();
    return e.mul(n.cotangent(), e.add(n.out(), e.scalar(offset, n.in(0))));
  }

  /** x: g where x > 0, else g slope; slope: 0 where x > 0, else g x. */
  private static void pRelu(NodeAdjoint n) {
    Emitter e = n.emit();
    n.give(0, () -> e.where(positive(e, n), n.cotangent(), e.mul(n.cotangent(), n.in(1))));
    n.giveUnbroadcast(
        1, () -> e.where(e.less(n.in(0), e.scalar(0, n.in(0))), e.mul(n.cotangent(), n.in(0))));
  }

  /** alpha g where 0 < y < 1, else 0. */
  private static String hardSigmoid(Emitter e, NodeAdjoint n) {
    String inside =
        e.and(e.greater(n.out(), e.scalar(0, n.in(0))), e.less(n.out(), e.scalar(1, n.in(0))));
    return e.where(inside, scaled(n, n.cotangent(), alpha(n, 0.2)));
  }

  /** 0 where x <= -3, g where x >= 3, between them g (x / 3 + 1 / 2). */
  private static String hardSwish(Emitter e, NodeAdjoint n) {
    String x = n.in(0);
    String slope = e.add(scaled(n, x, 1.0 / 3), e.scalar(0.5, x));
    String above = e.where(e.less(x, e.scalar(3, x)), e.mul(n.cotangent(), slope), n.cotangent());
    return e.where(e.greater(x, e.scalar(-3, x)), above);
  }

  /**
   * x: g where clipping changed nothing, else 0; minimum: the sum of g where it raised x, maximum:
   * where it lowered x. Bounds are attributes before opset 11. With a minimum above the maximum
   * everything is the maximum, which gets all.
   */
  private static void clip(NodeAdjoint n) {
    Emitter e = n.emit();
    String kept = e.equal(n.in(0), n.out());
    String raised = e.less(n.in(0), n.out());
    String lowered = e.greater(n.in(0), n.out());
    if (!mayCross(n)) {
      n.give(0, () -> e.where(kept, n.cotangent()));
      n.give(1, () -> bound(n, 1, raised));
      n.give(2, () -> bound(n, 2, lowered));
      return;
    }
    String crossed = e.less(n.in(2), n.in(1));
    String ordered = e.not(crossed);
    n.give(0, () -> e.where(e.and(kept, ordered), n.cotangent()));
    n.give(1, () -> bound(n, 1, e.and(raised, ordered)));
    n.give(2, () -> bound(n, 2, e.or(lowered, crossed)));
  }

  /** Whether its minimum may lie above its maximum, as far as that is known. */
  private static boolean mayCross(NodeAdjoint n) {
    if (!n.node().hasInput(1) || !n.node().hasInput(2)) {
      return false;
    }
    Optional<Double> least = bound(n, 1);
    Optional<Double> most = bound(n, 2);
    return least.isEmpty() || most.isEmpty() || least.get() > most.get();
  }

  private static Optional<Double> bound(NodeAdjoint n, int input) {
    return n.emit()
        .constantValue(n.in(input))
        .filter(t -> Constants.isReal(t) && t.size() == 1)
        .map(t -> t.doubles()[0]);
  }

  private static String bound(NodeAdjoint n, int input, String reached) {
    Emitter e = n.emit();
    String flat = e.reshape(e.where(reached, n.cotangent()), -1);
    return e.reshapeLike(e.reduce("ReduceSum", flat, true, 0), n.in(input));
  }
}
