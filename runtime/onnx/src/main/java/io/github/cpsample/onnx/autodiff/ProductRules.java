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

  /**
   * a: g b^T; b: a^T g; stacked matrices are summed over where they were broadcast. A vector is a
   * matrix of one row (a) or column (b), and two are multiplied by g. A stack of matrices a times
   * one matrix b is one tall matrix times b; its rows may be none, of which ONNX Runtime's Gemm
   * makes zeros.
   */
  private static void matMul(NodeAdjoint n) {
    Emitter e = n.emit();
    boolean rowOnly = n.rank(0) == 1;
    boolean columnOnly = n.rank(1) == 1;
    if (rowOnly && columnOnly) {
      n.give(0, () -> e.mul(n.cotangent(), n.in(1)));
      n.give(1, () -> e.mul(n.cotangent(), n.in(0)));
      return;
    }
    String a = rowOnly ? e.unsqueeze(n.in(0), 0) : n.in(0);
    String b = columnOnly ? e.unsqueeze(n.in(1), 1) : n.in(1);
    String columns = columnOnly ? e.unsqueeze(n.cotangent(), n.rank(0) - 1) : n.cotangent();
    String g = rowOnly ? e.unsqueeze(columns, Math.max(0, n.rank(1) - 2)) : columns;
    n.give(
        0,
        () -> {
          String product = product(e, g, transposed(e, b));
          String sum = new Broadcasting(e).sum(product, a, product);
          return rowOnly ? e.reshapeLike(sum, n.in(0)) : sum;
        });
    n.give(
        1,
        () -> {
          if (n.rank(1) == 2) {
            return product(e, 1, tall(e, a), true, tall(e, g), false);
          }
          String product = product(e, transposed(e, a), g);
          String sum = new Broadcasting(e).sum(product, b, product);
          return columnOnly ? e.reshapeLike(sum, n.in(1)) : sum;
        });
  }

  /**
   * A sum over no terms is 0, where ONNX Runtime's products of stacks leave anything. Of values
   * whose axes are not known it is left at that.
   */
  private static String product(Emitter e, String a, String b) {
    String product = e.matMul(a, b);
    boolean mayBeEmpty = e.shape(a).filter(shape -> shape.dim(-1).size() <= 0).isPresent();
    return mayBeEmpty ? e.where(e.greater(e.size(a, -1), e.integers(0)), product) : product;
  }

  private static String tall(Emitter e, String stack) {
    int rank = e.shape(stack).orElseThrow().rank();
    return rank == 2
        ? stack
        : e.node("Flatten", List.of(stack), Attribute.integer("axis", rank - 1L));
  }

  private static String transposed(Emitter e, String value) {
    Shape shape = e.shape(value).orElseThrow();
    int rank = shape.rank();
    long[] order = LongStream.range(0, rank).toArray();
    order[rank - 1] = rank - 2L;
    order[rank - 2] = rank - 1L;
    return e.transpose(value, order);
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

  /** Before opset 11 Gemm needs its third operand, so two steps do instead. */
  private static String product(
      Emitter e, float alpha, String a, boolean transA, String b, boolean transB) {
    if (e.opset() < 11) {
      String left = transA ? e.transpose(a, 1, 0) : a;
      String right = transB ? e.transpose(b, 1, 0) : b;
      return e.scale(e.matMul(left, right), alpha, a);
    }
    return e.node(
        "Gemm",
        List.of(a, b),
        Attribute.decimal("alpha", alpha),
        Attribute.integer("transA", transA ? 1 : 0),
        Attribute.integer("transB", transB ? 1 : 0));
  }
}
