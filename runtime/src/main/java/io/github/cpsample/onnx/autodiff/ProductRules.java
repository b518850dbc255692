package io.github.cpsample.onnx.autodiff;

import io.github.cpsample.onnx.Attribute;
import io.github.cpsample.onnx.Shape;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;

/** Matrix products; g is the cotangent, T transposes the last two axes. */
final class ProductRules {

  private ProductRules() {}

  static void addTo(Map<String, AdjointRule> rules) {
    rules.put("MatMul", ProductRules::matMul);
    rules.put("Gemm", ProductRules::gemm);
  }

  /** a: g b^T; b: a^T g; stacked matrices are summed over where they were broadcast. */
  private static void matMul(NodeAdjoint n) {
    Emitter e = n.emit();
    if (n.shape(0).rank() < 2 || n.shape(1).rank() < 2) {
      throw n.refuse("expected operands of rank 2 or more");
    }
    n.give(
        0,
        () -> {
          String product = e.node("MatMul", n.cotangent(), transposed(n, 1));
          return stackUnbroadcast(n, product, 0, 1);
        });
    n.give(
        1,
        () -> {
          String product = e.node("MatMul", transposed(n, 0), n.cotangent());
          return stackUnbroadcast(n, product, 1, 0);
        });
  }

  private static String stackUnbroadcast(NodeAdjoint n, String product, int operand, int other) {
    Shape own = n.shape(operand);
    Shape others = n.shape(other);
    boolean sameStack =
        own.rank() >= others.rank()
            && LongStream.range(2, others.rank())
                .allMatch(
                    i -> {
                      int axis = -1 - (int) i;
                      return others.dim(axis).size() == 1
                          || own.dim(axis).certainlyEquals(others.dim(axis));
                    });
    return sameStack ? product : n.emit().unbroadcast(product, n.in(operand), product);
  }

  private static String transposed(NodeAdjoint n, int input) {
    int rank = n.shape(input).rank();
    long[] order = LongStream.range(0, rank).toArray();
    order[rank - 1] = rank - 2L;
    order[rank - 2] = rank - 1L;
    return n.emit().node("Transpose", List.of(n.in(input)), Attribute.ints("perm", order));
  }

  /**
   * y = alpha a' b' + beta c with a' = a or a^T. a': alpha g b'^T, b': alpha a'^T g, each
   * transposed back; c: beta g.
   */
  private static void gemm(NodeAdjoint n) {
    Emitter e = n.emit();
    boolean transA = n.node().integer("transA", 0) != 0;
    boolean transB = n.node().integer("transB", 0) != 0;
    float alpha = n.node().decimal("alpha", 1);
    String g = n.cotangent();
    n.give(
        0,
        () ->
            transA
                ? product(e, alpha, n.in(1), transB, g, true)
                : product(e, alpha, g, false, n.in(1), !transB));
    n.give(
        1,
        () ->
            transB
                ? product(e, alpha, g, true, n.in(0), transA)
                : product(e, alpha, n.in(0), !transA, g, false));
    n.giveUnbroadcast(2, () -> e.scale(g, n.node().decimal("beta", 1), n.out()));
  }

  private static String product(
      Emitter e, float alpha, String a, boolean transA, String b, boolean transB) {
    return e.node(
        "Gemm",
        List.of(a, b),
        Attribute.decimal("alpha", alpha),
        Attribute.integer("transA", transA ? 1 : 0),
        Attribute.integer("transB", transB ? 1 : 0));
  }
}
