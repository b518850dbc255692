package io.github.cpsample.onnx.autodiff;

import io.github.cpsample.onnx.Attribute;
import io.github.cpsample.onnx.ElementType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Operators that take from, or put at, indices element by element; g is the cotangent. */
final class ScatterRules {

  private ScatterRules() {}

  static void addTo(Map<String, AdjointRule> rules) {
    UnaryRules.put(rules, "GatherElements", ScatterRules::gathered);
    UnaryRules.put(rules, "GatherND", (e, n) -> new GatherNdAdjoint(n).data());
    rules.put("ScatterElements", ScatterRules::elements);
    rules.put("Scatter", ScatterRules::elements);
    rules.put("ScatterND", ScatterRules::slices);
    UnaryRules.put(rules, "TopK", ScatterRules::largest);
    UnaryRules.put(rules, "Unique", ScatterRules::first);
    // g where the values were put
    UnaryRules.put(
        rules,
        "MaxUnpool",
        (e, n) -> {
          String flat = e.reshape(n.cotangent(), -1);
          return e.gather(flat, n.in(1));
        });
    rules.put("OneHot", new DecomposedRule(ScatterRules::oneHot));
    UnaryRules.put(rules, "Compress", ScatterRules::compressed);
  }

  private static int axis(NodeAdjoint n, long otherwise) {
    return n.axis(n.node().integer("axis", otherwise), 0);
  }

  /** The sum of g over all places at which an element was taken. */
  private static String gathered(Emitter e, NodeAdjoint n) {
    String zeros = e.zerosLike(n.in(0));
    int axis = axis(n, 0);
    return isWithoutRepetition(n, axis)
        ? e.scatter(zeros, n.in(1), n.cotangent(), axis)
        : e.scatterSum(zeros, n.in(1), n.cotangent(), axis);
  }

  /** Whether constant indices certainly name every element once at most, along rows at least. */
  private static boolean isWithoutRepetition(NodeAdjoint n, int axis) {
    Optional<long[]> indices = n.emit().integersOf(n.in(1));
    if (indices.isEmpty() || !n.shape(1).isFixed() || n.shape(0).dim(axis).size() < 0) {
      return false;
    }
    long[] sizes = n.shape(1).sizes();
    long size = n.shape(0).dim(axis).size();
    int inner = 1;
    for (int i = axis + 1; i < sizes.length; i++) {
      inner = Math.multiplyExact(inner, Math.toIntExact(sizes[i]));
    }
    int row = Math.toIntExact(sizes[axis]);
    long[] all = indices.get();
    for (int start = 0; start < all.length; start++) {
      if (start / inner % Math.max(1, row) == 0 && repeats(all, start, inner, row, size)) {
        return false;
      }
    }
    return true;
  }

  private static boolean repeats(long[] all, int start, int step, int count, long size) {
    long[] row = new long[count];
    for (int i = 0; i < count; i++) {
      long index = all[start + i * step];
      row[i] = index < 0 ? index + size : index;
    }
    return Arrays.stream(row).distinct().count() < count;
  }

  /** data: g, without what was overwritten; updates: g where they were put. */
  private static void elements(NodeAdjoint n) {
    if (isReduction(n)) {
      new ScatterReduction(n, false).apply();
      return;
    }
    Emitter e = n.emit();
    boolean adds = adds(n);
    int axis = axis(n, 0);
    n.give(
        0,
        () -> adds ? n.cotangent() : e.scatter(n.cotangent(), n.in(1), e.zerosLike(n.in(2)), axis));
    n.give(
        2,
        () -> {
          if (e.opset() < 11) {
            throw new NewerOpsetNeeded(11, "an update that depends on an input");
          }
          List<String> inputs = List.of(n.cotangent(), n.in(1));
          return e.node("GatherElements", inputs, Attribute.integer("axis", axis));
        });
  }

  private static boolean isReduction(NodeAdjoint n) {
    return Set.of("mul", "max", "min").contains(n.node().string("reduction", "none"));
  }

  private static boolean adds(NodeAdjoint n) {
    String reduction = n.node().string("reduction", "none");
    if (!reduction.equals("none") && !reduction.equals("add")) {
      throw n.refuse("expected reduction none, add, mul, max or min, found " + reduction);
    }
    return reduction.equals("add");
  }

  /** As {@link #elements}, slice by slice. */
  private static void slices(NodeAdjoint n) {
    if (isReduction(n)) {
      new ScatterReduction(n, true).apply();
      return;
    }
    Emitter e = n.emit();
    boolean adds = adds(n);
    n.give(
        0,
        () ->
            adds
                ? n.cotangent()
                : e.node("ScatterND", n.cotangent(), n.in(1), e.zerosLike(n.in(2))));
    n.give(2, () -> e.gatherNd(n.cotangent(), n.in(1)));
  }

  /** g where the values were taken, by the indices that the operator gives besides. */
  private static String largest(Emitter e, NodeAdjoint n) {
    String indices = e.furtherOutput(n.node(), 1, ElementType.INT64);
    return e.scatter(e.zerosLike(n.in(0)), indices, n.cotangent(), axis(n, -1));
  }

  /** g where a value occurs first, by the indices that the operator gives besides. */
  private static String first(Emitter e, NodeAdjoint n) {
    String places = e.furtherOutput(n.node(), 1, ElementType.INT64);
    if (n.node().attribute("axis").isPresent()) {
      int along = axis(n, 0);
      String size = e.size(n.in(0), along);
      return new Indices(e).place(n.cotangent(), places, size, along, n.rank(0));
    }
    String flat = e.reshape(n.in(0), -1);
    return e.reshapeLike(e.scatter(e.zerosLike(flat), places, n.cotangent(), 0), n.in(0));
  }

  /** off + mask (on - off), with the mask as the operator makes it of 0 and 1. */
  private static List<String> oneHot(Emitter e, NodeAdjoint n) {
    String levels = e.constant(n.in(2), "off and on", new double[] {0, 1}, 2);
    String mask =
        e.node(
            "OneHot",
            List.of(e.cast(n.in(0), ElementType.INT64), e.cast(n.in(1), ElementType.INT64), levels),
            Attribute.integer("axis", n.node().integer("axis", -1)));
    String off = e.slice(n.in(2), 0, e.integers(0), e.integers(1));
    String on = e.slice(n.in(2), 0, e.integers(1), e.integers(2));
    return List.of(e.add(off, e.mul(mask, e.sub(on, off))));
  }

  /**
   * g at the places that were kept; without an axis those of the flattened input. Conditions behind
   * the last place are not looked at.
   */
  private static String compressed(Emitter e, NodeAdjoint n) {
    if (n.node().attribute("axis").isPresent()) {
      int along = axis(n, 0);
      String size = e.size(n.in(0), along);
      return new Indices(e).place(n.cotangent(), kept(n, size), size, along, n.rank(0));
    }
    String flat = e.reshape(n.in(0), -1);
    String places = kept(n, e.size(flat, 0));
    return e.reshapeLike(e.scatter(e.zerosLike(flat), places, n.cotangent(), 0), n.in(0));
  }

  private static String kept(NodeAdjoint n, String size) {
    Emitter e = n.emit();
    String conditions = e.opset() < 10 ? n.in(1) : e.slice(n.in(1), 0, e.integers(0), size);
    return e.reshape(e.node("NonZero", conditions), -1);
  }

  /**
   * The adjoint of scattering that multiplies what is there, or takes the larger or smaller, by
   * element or by slice; y is the output, u the updates, at places of the data.
   */
  private static final class ScatterReduction {

    private final NodeAdjoint n;
    private final Emitter e;
    private final boolean slices;

    ScatterReduction(NodeAdjoint node, boolean slices) {
      this.n = node;
      this.e = node.emit();
      this.slices = slices;
    }

    void apply() {
      if (n.node().string("reduction", "none").equals("mul")) {
        product();
      } else {
        extremum();
      }
    }

    /** Equal ones share g equally, the data's own element among them. */
    private void extremum() {
      String updates = n.in(2);
      String own = e.cast(e.equal(n.in(0), n.out()), e.type(updates));
      String taken = e.cast(e.equal(updates, gathered(n.out())), e.type(updates));
      String share = e.div(n.cotangent(), scattered(own, taken, "add"));
      n.give(0, () -> e.mul(share, own));
      n.give(2, () -> e.mul(gathered(share), taken));
    }

    /**
     * data: g times the product of its updates; updates: g times the data and the other updates, of
     * which those that are 0 are counted and left out of the product.
     */
    private void product() {
      String updates = n.in(2);
      String ones = e.expand(e.scalar(1, n.in(0)), e.fullShapeOf(n.in(0)));
      n.give(0, () -> e.mul(n.cotangent(), scattered(ones, updates, "mul")));
      n.give(
          2,
          () -> {
            String zero = e.equal(updates, e.scalar(0, updates));
            String factors = e.where(zero, e.scalar(1, updates), updates);
            String zeros = e.cast(zero, e.type(updates));
            String count = scattered(e.zerosLike(n.in(0)), zeros, "add");
            String others = e.sub(gathered(count), zeros);
            String product = e.mul(n.cotangent(), scattered(n.in(0), factors, "mul"));
            String slope = e.div(gathered(product), factors);
            return e.where(e.less(others, e.scalar(0.5, updates)), slope);
          });
    }

    private String gathered(String value) {
      List<String> inputs = List.of(value, n.in(1));
      return slices
          ? e.node("GatherND", inputs)
          : e.node(
              "GatherElements", inputs, Attribute.integer("axis", n.node().integer("axis", 0)));
    }

    private String scattered(String data, String values, String reduction) {
      List<Attribute> attributes = new ArrayList<>();
      attributes.add(Attribute.string("reduction", reduction));
      if (!slices) {
        attributes.add(Attribute.integer("axis", n.node().integer("axis", 0)));
      }
      return e.node(
          n.node().operator(),
          List.of(data, n.in(1), values),
          attributes.toArray(Attribute[]::new));
    }
  }
}
