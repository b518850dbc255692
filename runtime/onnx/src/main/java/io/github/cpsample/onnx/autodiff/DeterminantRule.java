package io.github.cpsample.onnx.autodiff;

import java.util.Arrays;

/**
 * {@code Det}: x gets g times the transposed adjugate of x, which exists where the inverse does
 * not. It is found by Faddeev and LeVerrier's recursion: M = I, then M = x M - trace(x M) / k I for
 * k = 1 to size - 1; the adjugate is M, negated for even sizes.
 */
final class DeterminantRule implements AdjointRule {

  private static final long LARGEST = 64;

  @Override
  public void apply(NodeAdjoint n) {
    n.give(0, () -> image(n));
  }

  private static String image(NodeAdjoint n) {
    Emitter e = n.emit();
    int rank = n.rank(0);
    long size = n.fixedSizes(n.shape(0), rank - 1)[0];
    if (size > LARGEST) {
      throw n.refuse("expected matrices of at most " + LARGEST + " rows, found " + size);
    }
    String identity = new Indices(e).identity(e.integers(size), n.in(0));
    String adjugate = e.node("Expand", identity, e.fullShapeOf(n.in(0)));
    for (long k = 1; k < size; k++) {
      String product = e.node("MatMul", n.in(0), adjugate);
      String trace =
          e.reduce("ReduceSum", e.node("Mul", product, identity), true, rank - 2, rank - 1);
      String level = e.node("Mul", e.scale(trace, 1.0 / k, n.in(0)), identity);
      adjugate = e.node("Sub", product, level);
    }
    long[] order = new long[rank];
    Arrays.setAll(order, i -> i);
    order[rank - 1] = rank - 2L;
    order[rank - 2] = rank - 1L;
    String g = e.unsqueeze(n.cotangent(), rank - 2, rank - 1);
    String sign = e.scale(e.transpose(adjugate, order), size % 2 == 0 ? -1 : 1, n.in(0));
    return e.node("Mul", g, sign);
  }
}
