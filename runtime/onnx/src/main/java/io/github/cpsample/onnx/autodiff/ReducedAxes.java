package io.github.cpsample.onnx.autodiff;

import io.github.cpsample.onnx.Attribute;
import io.github.cpsample.onnx.Shape;
import java.util.List;
import java.util.Optional;
import java.util.stream.LongStream;

/**
 * The axes over which a node reduces its input. Where they are known only when the graph runs,
 * other reductions are given the same input, and the form with all axes kept is asked of the very
 * operator.
 */
final class ReducedAxes {

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
    boolean open = given.isEmpty() && node.node().hasInput(1) && e.integersOf(node.in(1)).isEmpty();
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
            Attribute.integer("noop_with_empty_axes", n.node().integer("noop_with_empty_axes", 0)));
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
