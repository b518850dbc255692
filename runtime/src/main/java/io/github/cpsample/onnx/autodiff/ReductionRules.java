package io.github.cpsample.onnx.autodiff;

import io.github.cpsample.onnx.Attribute;
import io.github.cpsample.onnx.ElementType;
import io.github.cpsample.onnx.Shape;
import io.github.cpsample.onnx.Tensor;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.LongStream;

/** Reductions; g is the cotangent, given back to every element that was reduced. */
final class ReductionRules {

  private ReductionRules() {}

  static void addTo(Map<String, AdjointRule> rules) {
    // g
    rules.put("ReduceSum", n -> n.give(0, () -> spread(n, n.cotangent())));
    // g / count
    rules.put("ReduceMean", n -> n.give(0, () -> average(n, spread(n, n.cotangent()))));
    // 2 x g
    rules.put(
        "ReduceSumSquare",
        n ->
            n.give(
                0,
                () ->
                    n.emit()
                        .node(
                            "Mul", n.emit().scale(n.in(0), 2, n.in(0)), spread(n, n.cotangent()))));
    // x g / y
    rules.put(
        "ReduceL2",
        n ->
            n.give(
                0,
                () -> {
                  Emitter e = n.emit();
                  String share = e.node("Div", n.cotangent(), n.out());
                  return e.node("Mul", n.in(0), spread(n, share));
                }));
    // g exp(x - y)
    rules.put(
        "ReduceLogSumExp",
        n ->
            n.give(
                0,
                () -> {
                  Emitter e = n.emit();
                  String share = e.node("Exp", e.node("Sub", n.in(0), spread(n, n.out())));
                  return e.node("Mul", share, spread(n, n.cotangent()));
                }));
    // g / count over space
    rules.put(
        "GlobalAveragePool",
        n -> n.give(0, () -> averageOver(n, expand(n, n.cotangent()), spaceOf(n))));
  }

  private static long[] spaceOf(NodeAdjoint n) {
    return LongStream.range(2, n.shape(0).rank()).toArray();
  }

  /** Gives a reduced value the shape of the input again. */
  private static String spread(NodeAdjoint n, String reduced) {
    Supplier<String> kept =
        () -> {
          long[] axes = axes(n);
          boolean keep = n.node().integer("keepdims", 1) != 0;
          return keep || axes.length == 0 ? reduced : n.emit().unsqueeze(reduced, axes);
        };
    return expand(n, kept.get());
  }

  private static String expand(NodeAdjoint n, String value) {
    return n.emit().node("Expand", value, n.emit().fullShapeOf(n.in(0)));
  }

  private static String average(NodeAdjoint n, String spread) {
    return averageOver(n, spread, axes(n));
  }

  private static String averageOver(NodeAdjoint n, String spread, long... axes) {
    Shape shape = n.shape(0);
    boolean known = LongStream.of(axes).allMatch(a -> shape.dim((int) a).isFixed());
    if (known) {
      long count =
          LongStream.of(axes).map(a -> shape.dim((int) a).size()).reduce(1, (a, b) -> a * b);
      return n.emit().scale(spread, 1.0 / count, n.in(0));
    }
    Emitter e = n.emit();
    String sizes = e.node("Gather", List.of(e.node("Shape", n.in(0)), e.integers(axes)));
    ElementType type = e.type(n.in(0));
    String count =
        e.node(
            "Cast",
            List.of(e.reduce("ReduceProd", sizes, false, 0)),
            Attribute.integer("to", type.code()));
    return e.node("Div", spread, count);
  }

  /** The reduced axes; all of them where the node names none. */
  private static long[] axes(NodeAdjoint n) {
    int rank = n.shape(0).rank();
    Optional<long[]> axes = n.node().ints("axes");
    if (axes.isEmpty() && n.node().hasInput(1)) {
      axes =
          Optional.of(
              n.emit()
                  .constantValue(n.in(1))
                  .map(Tensor::longs)
                  .orElseThrow(() -> n.refuse("expected constant axes")));
    }
    if (axes.isEmpty() || axes.get().length == 0) {
      boolean nothing = n.node().integer("noop_with_empty_axes", 0) != 0;
      return nothing ? new long[0] : LongStream.range(0, rank).toArray();
    }
    return LongStream.of(axes.get()).map(a -> a < 0 ? a + rank : a).sorted().toArray();
  }
}
