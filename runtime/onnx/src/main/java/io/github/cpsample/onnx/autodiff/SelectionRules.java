package io.github.cpsample.onnx.autodiff;

import io.github.cpsample.onnx.Dim;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Operators that join, part and surround: every element's cotangent goes where it came from. */
final class SelectionRules {

  private SelectionRules() {}

  static void addTo(Map<String, AdjointRule> rules) {
    // start + i delta
    rules.put(
        "Range",
        new DecomposedRule(
            (e, n) -> {
              String count = e.cast(new Indices(e).range(e.size(n.out(), 0)), e.type(n.in(0)));
              return List.of(e.add(n.in(0), e.mul(count, n.in(2))));
            }));
    rules.put("Concat", SelectionRules::concat);
    rules.put("Split", AdjointRule.ofAllOutputs(SelectionRules::split));
    rules.put("Pad", n -> new PadAdjoint(n).apply());
    UnaryRules.put(rules, "Slice", (e, n) -> SliceAdjoint.of(n));
    UnaryRules.put(rules, "Gather", (e, n) -> new GatherAdjoint(n).data());
  }

  /** Every input gets its own piece. */
  private static void concat(NodeAdjoint n) {
    int count = n.node().inputs().size();
    long given = n.node().integer("axis", 1);
    int axis = n.emit().shape(n.in(0)).isPresent() ? n.axis(given, 0) : (int) given;
    Optional<long[]> sizes = sizes(n, axis);
    boolean all = true;
    for (int i = 0; i < count; i++) {
      all &= n.isActive(i);
    }
    if (all && count > 1 && sizes.isPresent()) {
      List<String> pieces = parted(n, axis, sizes.get());
      for (int i = 0; i < count; i++) {
        String piece = pieces.get(i);
        n.give(i, () -> piece);
      }
      return;
    }
    Emitter e = n.emit();
    String start = e.integers(0);
    long known = 0;
    for (int i = 0; i < count; i++) {
      String from = start;
      Dim size = size(n, i, axis);
      known = known >= 0 && size.isFixed() ? known + size.size() : -1;
      String to = known >= 0 ? e.integers(known) : e.add(from, e.size(n.in(i), axis));
      n.give(i, () -> e.slice(n.cotangent(), axis, from, to));
      start = to;
    }
  }

  private static Dim size(NodeAdjoint n, int input, int axis) {
    return n.emit().shape(n.in(input)).map(shape -> shape.dim(axis)).orElse(Dim.unknown());
  }

  private static Optional<long[]> sizes(NodeAdjoint n, int axis) {
    List<Dim> dims = new ArrayList<>();
    for (int i = 0; i < n.node().inputs().size(); i++) {
      dims.add(size(n, i, axis));
    }
    return dims.stream().allMatch(Dim::isFixed)
        ? Optional.of(dims.stream().mapToLong(Dim::size).toArray())
        : Optional.empty();
  }

  private static List<String> parted(NodeAdjoint n, int axis, long... sizes) {
    return n.emit().split(n.cotangent(), axis, sizes);
  }

  /** The pieces together again, zeros for those that nothing depends on. */
  private static void split(NodeAdjoint n) {
    n.give(
        0,
        () -> {
          List<String> pieces = new ArrayList<>();
          for (int i = 0; i < n.node().outputs().size(); i++) {
            String cotangent = n.cotangent(i);
            pieces.add(
                cotangent == null ? n.emit().zerosLike(n.node().outputs().get(i)) : cotangent);
          }
          return n.emit().concat(pieces, n.node().integer("axis", 0));
        });
  }
}
