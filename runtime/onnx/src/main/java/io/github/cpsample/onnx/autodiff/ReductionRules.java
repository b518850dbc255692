package io.github.cpsample.onnx.autodiff;

import io.github.cpsample.onnx.Attribute;
import io.github.cpsample.onnx.Shape;
import java.util.List;
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

  /**
   * The axes over which a node reduces its input. Where they are known only when the graph runs,
   * other reductions are given the same input, and the form with all axes kept is asked of the very
   * operator.
   */
  private static final class ReducedAxes {

    private final NodeAdjoint n;
    private final Emitter e;
    private final Optional<long[]> known;

    private ReducedAxes(NodeAdjoint node, Optional<long[]> known) {
      this.n = node;
      this.e = node.emit();
      this.known = known;
    }

    /** Given ones. */
    static ReducedAxes of(NodeAdjoint node, long... axes) {
      return new ReducedAxes(node, Optional.of(axes));
    }

    /** Those that a reduction names; all of them where it names none. */
    static ReducedAxes of(NodeAdjoint node) {
      Emitter e = node.emit();
      Optional<long[]> given = node.node().ints("axes");
      boolean open =
          given.isEmpty() && node.node().hasInput(1) && e.integersOf(node.in(1)).isEmpty();
      if (open) {
        return new ReducedAxes(node, Optional.empty());
      }
      int rank = node.rank(0);
      long[] axes = node.argument("axes", 1).orElse(new long[0]);
      if (axes.length == 0) {
        boolean nothing = node.node().integer("noop_with_empty_axes", 0) != 0;
        return of(node, nothing ? axes : LongStream.range(0, rank).toArray());
      }
      return of(node, LongStream.of(axes).map(a -> a < 0 ? a + rank : a).sorted().toArray());
    }

    /** Reduces something of the input's shape over these axes and keeps them, of size 1. */
    String reduce(String operator, String value) {
      return known.isPresent()
          ? e.reduce(operator, value, true, known.get())
          : e.node(
              operator,
              List.of(value, n.in(1)),
              Attribute.integer("keepdims", 1),
              Attribute.integer(
                  "noop_with_empty_axes", n.node().integer("noop_with_empty_axes", 0)));
    }

    /** What the node, or its cotangent, is with these axes kept, of size 1. */
    String kept(String reduced) {
      if (n.node().integer("keepdims", 1) != 0) {
        return reduced;
      }
      if (known.isEmpty()) {
        return e.reshapeExactly(reduced, e.shapeOf(reduce("ReduceSum", n.in(0))));
      }
      return known.get().length == 0 ? reduced : e.unsqueeze(reduced, known.get());
    }

    /** A value divided by how many elements were reduced to one. */
    String average(String value) {
      if (known.isEmpty()) {
        String all = e.node("Size", n.in(0));
        return e.div(value, count(e.div(all, e.node("Size", value))));
      }
      Shape shape = n.shape(0);
      if (LongStream.of(known.get()).allMatch(a -> shape.dim((int) a).isFixed())) {
        double count =
            LongStream.of(known.get())
                .mapToDouble(a -> shape.dim((int) a).size())
                .reduce(1, (a, b) -> a * b);
        return e.scale(value, 1 / count, n.in(0));
      }
      String sizes = e.gather(e.shapeOf(n.in(0)), e.integers(known.get()));
      return e.div(value, e.reduce("ReduceProd", count(sizes), false, 0));
    }

    private String count(String sizes) {
      return e.cast(sizes, e.type(n.in(0)));
    }
  }
}
