package io.github.cpsample.onnx.autodiff;

import io.github.cpsample.onnx.Attribute;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;

/** Operators that only move or repeat elements: the cotangent moves back, repetitions add up. */
final class LayoutRules {

  private LayoutRules() {}

  static void addTo(Map<String, AdjointRule> rules) {
    for (String operator : List.of("Reshape", "Flatten", "Squeeze", "Unsqueeze")) {
      UnaryRules.put(rules, operator, (e, n) -> e.reshapeLike(n.cotangent(), n.in(0)));
    }
    // the inverse permutation
    UnaryRules.put(rules, "Transpose", LayoutRules::transpose);
    // the sum over the axes along which x was repeated
    UnaryRules.put(
        rules, "Expand", (e, n) -> new Broadcasting(e).sum(n.cotangent(), n.in(0), n.out()));
    UnaryRules.put(rules, "Tile", LayoutRules::tile);
    sequences(rules);
    // the inverse permutation of pixels
    UnaryRules.put(rules, "SpaceToDepth", (e, n) -> depthToSpace(n));
    UnaryRules.put(rules, "DepthToSpace", LayoutRules::spaceToDepth);
  }

  private static void sequences(Map<String, AdjointRule> rules) {
    // the same triangle of g
    UnaryRules.put(
        rules,
        "Trilu",
        (e, n) -> {
          List<String> inputs = new ArrayList<>(n.node().inputs());
          inputs.set(0, n.cotangent());
          return e.node("Trilu", inputs, attributes(n));
        });
    // the sum of g from the other end
    UnaryRules.put(
        rules,
        "CumSum",
        (e, n) ->
            e.node(
                "CumSum",
                List.of(n.cotangent(), n.in(1)),
                Attribute.integer("exclusive", n.node().integer("exclusive", 0)),
                Attribute.integer("reverse", 1 - n.node().integer("reverse", 0))));
    UnaryRules.put(rules, "CumProd", (e, n) -> new CumulativeProduct(n).image());
    // cropped pixels get none, and what was put around gives none: the same the other way round
    UnaryRules.put(rules, "CenterCropPad", LayoutRules::centred);
    // the same reversal of g
    UnaryRules.put(
        rules,
        "ReverseSequence",
        (e, n) -> e.node("ReverseSequence", List.of(n.cotangent(), n.in(1)), attributes(n)));
  }

  private static Attribute[] attributes(NodeAdjoint n) {
    return n.node().attributes().toArray(Attribute[]::new);
  }

  private static String centred(Emitter e, NodeAdjoint n) {
    String shape = e.shapeOf(n.in(0));
    String sizes =
        n.node()
            .ints("axes")
            .map(axes -> e.gather(shape, e.integers(positive(n, axes))))
            .orElse(shape);
    return e.node("CenterCropPad", List.of(n.cotangent(), sizes), attributes(n));
  }

  private static long[] positive(NodeAdjoint n, long... axes) {
    return LongStream.of(axes).map(axis -> n.axis(axis, 0)).toArray();
  }

  private static String transpose(Emitter e, NodeAdjoint n) {
    int rank = n.node().ints("perm").map(perm -> perm.length).orElseGet(() -> n.rank(0));
    long[] order =
        n.node().ints("perm").orElse(LongStream.range(0, rank).map(i -> rank - 1 - i).toArray());
    long[] inverse = new long[rank];
    for (int i = 0; i < rank; i++) {
      inverse[(int) order[i]] = i;
    }
    return e.transpose(n.cotangent(), inverse);
  }

  /** Every axis split into repetitions and elements, then the sum over the repetitions. */
  private static String tile(Emitter e, NodeAdjoint n) {
    int rank = n.rank(0);
    List<String> sizes = new ArrayList<>();
    for (int i = 0; i < rank; i++) {
      int axis = i;
      sizes.add(
          e.integersOf(n.in(1))
              .map(repeats -> e.integers(repeats[axis]))
              .orElseGet(() -> e.gather(n.in(1), e.integers(axis))));
      sizes.add(e.size(n.in(0), i));
    }
    String blocks = e.reshapeExactly(n.cotangent(), e.concat(sizes, 0));
    long[] axes = LongStream.range(0, rank).map(i -> 2 * i).toArray();
    return e.reduce("ReduceSum", blocks, false, axes);
  }

  private static String depthToSpace(NodeAdjoint n) {
    return n.emit()
        .node(
            "DepthToSpace",
            List.of(n.cotangent()),
            Attribute.integer("blocksize", n.node().integer("blocksize", 1)));
  }

  /** Order DCR is the inverse of SpaceToDepth; CRD, channels first, is written out. */
  private static String spaceToDepth(Emitter e, NodeAdjoint n) {
    long block = n.node().integer("blocksize", 1);
    if (n.node().string("mode", "DCR").equals("DCR")) {
      return e.node("SpaceToDepth", List.of(n.cotangent()), Attribute.integer("blocksize", block));
    }
    List<String> sizes =
        List.of(
            e.size(n.out(), 0),
            e.size(n.out(), 1),
            e.size(n.in(0), 2),
            e.integers(block),
            e.size(n.in(0), 3),
            e.integers(block));
    String blocks = e.reshapeExactly(n.cotangent(), e.concat(sizes, 0));
    return e.reshapeLike(e.transpose(blocks, 0, 1, 3, 5, 2, 4), n.in(0));
  }

  /**
   * The adjoint of a cumulative product y_j of x_i for i up to j: x_i gets the sum over j of g_j
   * times the product of the other factors. Elements that are 0 are counted and left out of the
   * product: x_i that is not 0 gets what has no zero before it, divided by it; the first 0 gets
   * what has no other zero before it.
   */
  private static final class CumulativeProduct {

    private final NodeAdjoint n;
    private final Emitter e;
    private final long reverse;
    private final long exclusive;

    CumulativeProduct(NodeAdjoint node) {
      this.n = node;
      this.e = node.emit();
      this.reverse = node.node().integer("reverse", 0);
      this.exclusive = node.node().integer("exclusive", 0);
    }

    String image() {
      String x = n.in(0);
      String zero = e.equal(x, e.scalar(0, x));
      String factors = e.where(zero, e.scalar(1, x), x);
      String marks = e.cast(zero, e.type(x));
      String product = e.mul(n.cotangent(), cumulative("CumProd", factors, exclusive, reverse));
      String before = cumulative("CumSum", marks, exclusive, reverse);
      String without = back(e.where(e.less(before, e.scalar(0.5, x)), product));
      String one = e.less(e.abs(less(before, 1)), e.scalar(0.5, x));
      String first =
          e.less(e.abs(less(cumulative("CumSum", marks, 0, reverse), 1)), e.scalar(0.5, x));
      String alone = e.where(first, back(e.where(one, product)));
      // with the first zero itself left out, what comes before it has none
      return e.where(zero, alone, e.div(without, factors));
    }

    private String less(String value, double number) {
      return e.sub(value, e.scalar(number, n.in(0)));
    }

    private String back(String value) {
      return cumulative("CumSum", value, exclusive, 1 - reverse);
    }

    private String cumulative(String operator, String value, long without, long backwards) {
      return e.node(
          operator,
          List.of(value, n.in(1)),
          Attribute.integer("exclusive", without),
          Attribute.integer("reverse", backwards));
    }
  }
}
