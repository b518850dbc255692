package io.github.cpsample.onnx.autodiff;

import io.github.cpsample.onnx.Shape;
import java.util.Map;
import java.util.Optional;
import java.util.stream.LongStream;

/** Reductions; g is the cotangent, given back to every element that was reduced; y the output. */
final class ReductionRules {

  private ReductionRules() {}

  static void addTo(Map<String, AdjointRule> rules) {
    // g
    UnaryRules.put(rules, "ReduceSum", (e, n) -> expand(n, kept(n, n.cotangent())));
    // g / count
    UnaryRules.put(
        rules, "ReduceMean", (e, n) -> expand(n, axes(n).average(kept(n, n.cotangent()))));
    // g sign x
    UnaryRules.put(
        rules,
        "ReduceL1",
        (e, n) -> PiecewiseRules.signed(e, n.in(0), expand(n, kept(n, n.cotangent()))));
    powers(rules);
  }

  private static void powers(Map<String, AdjointRule> rules) {
    // 2 x g
    UnaryRules.put(
        rules,
        "ReduceSumSquare",
        (e, n) -> e.mul(n.in(0), e.scale(kept(n, n.cotangent()), 2, n.in(0))));
    // x g / y, 0 where y is 0
    UnaryRules.put(
        rules,
        "ReduceL2",
        (e, n) -> {
          String slope = e.div(n.cotangent(), n.out());
          String safe = e.where(e.greater(n.out(), e.scalar(0, n.out())), slope);
          return e.mul(n.in(0), kept(n, safe));
        });
    // g exp(x - y)
    UnaryRules.put(
        rules,
        "ReduceLogSumExp",
        (e, n) -> e.mul(e.exp(e.sub(n.in(0), kept(n, n.out()))), kept(n, n.cotangent())));
    // g / sum(x)
    UnaryRules.put(
        rules, "ReduceLogSum", (e, n) -> expand(n, kept(n, e.div(n.cotangent(), e.exp(n.out())))));
    UnaryRules.put(rules, "ReduceProd", (e, n) -> product(n));
    extremes(rules);
  }

  /**
   * g times the product of the other elements: of all that are not 0, divided by x where x is none
   * of them, wherever no other element is 0.
   */
  private static String product(NodeAdjoint n) {
    Emitter e = n.emit();
    String x = n.in(0);
    String zero = e.equal(x, e.scalar(0, x));
    String factors = e.where(zero, e.scalar(1, x), x);
    String zeros = e.cast(zero, e.type(x));
    String others = e.sub(axes(n).reduce("ReduceSum", zeros), zeros);
    String product = axes(n).reduce("ReduceProd", factors);
    String slope = e.div(e.mul(kept(n, n.cotangent()), product), factors);
    return e.where(e.less(others, e.scalar(0.5, x)), slope);
  }

  private static void extremes(Map<String, AdjointRule> rules) {
    // g where x = y, shared equally by equal elements
    UnaryRules.put(rules, "ReduceMax", (e, n) -> extremum(n, kept(n, n.out()), axes(n)));
    UnaryRules.put(rules, "ReduceMin", (e, n) -> extremum(n, kept(n, n.out()), axes(n)));
    // g where x = y, shared equally by equal pixels
    UnaryRules.put(rules, "GlobalMaxPool", (e, n) -> extremum(n, n.out(), spaceOf(n)));
    // g / count over space
    UnaryRules.put(
        rules, "GlobalAveragePool", (e, n) -> expand(n, spaceOf(n).average(n.cotangent())));
  }

  private static ReducedAxes spaceOf(NodeAdjoint n) {
    return ReducedAxes.of(n, LongStream.range(2, n.rank(0)).toArray());
  }

  /** A reduced value with the reduced axes kept, of size 1. */
  private static String kept(NodeAdjoint n, String reduced) {
    return axes(n).kept(reduced);
  }

  private static String expand(NodeAdjoint n, String value) {
    Emitter e = n.emit();
    Optional<Shape> shape = e.shape(value).filter(s -> s.equals(n.shape(0)));
    return shape.isPresent() ? value : e.expand(value, e.fullShapeOf(n.in(0)));
  }

  private static String extremum(NodeAdjoint n, String extremum, ReducedAxes axes) {
    Emitter e = n.emit();
    String cotangent = e.reshapeLike(n.cotangent(), extremum);
    String taken = e.cast(e.equal(n.in(0), extremum), e.type(n.in(0)));
    String count = axes.reduce("ReduceSum", taken);
    return e.mul(taken, e.div(cotangent, count));
  }

  private static ReducedAxes axes(NodeAdjoint n) {
    return ReducedAxes.of(n);
  }
}
