package io.github.cpsample.onnx.autodiff;

import io.github.cpsample.onnx.Attribute;
import io.github.cpsample.onnx.ElementType;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

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

  private static boolean adds(NodeAdjoint n) {
    String reduction = n.node().string("reduction", "none");
    if (!reduction.equals("none") && !reduction.equals("add")) {
      throw n.refuse("expected reduction none or add, found " + reduction);
    }
    return reduction.equals("add");
  }

  /** As {@link #elements}, slice by slice. */
  private static void slices(NodeAdjoint n) {
    Emitter e = n.emit();
    boolean adds = adds(n);
    n.give(
        0,
        () ->
            adds
                ? n.cotangent()
                : e.node("ScatterND", n.cotangent(), n.in(1), e.zerosLike(n.in(2))));
    n.give(2, () -> e.node("GatherND", n.cotangent(), n.in(1)));
  }

  /** g where the values were taken, by the indices that the operator gives besides. */
  private static String largest(Emitter e, NodeAdjoint n) {
    String indices = e.furtherOutput(n.node(), 1, ElementType.INT64);
    return e.scatter(e.zerosLike(n.in(0)), indices, n.cotangent(), axis(n, -1));
  }

  /** g at the places that were kept; without an axis those of the flattened input. */
  private static String compressed(Emitter e, NodeAdjoint n) {
    String places = e.node("Reshape", e.node("NonZero", n.in(1)), e.integers(-1));
    if (n.node().attribute("axis").isPresent()) {
      int along = axis(n, 0);
      String size = e.size(n.in(0), along);
      return new Indices(e).place(n.cotangent(), places, size, along, n.rank(0));
    }
    String flat = e.node("Reshape", n.in(0), e.integers(-1));
    String image = e.scatter(e.zerosLike(flat), places, n.cotangent(), 0);
    return e.reshapeLike(image, n.in(0));
  }
}
