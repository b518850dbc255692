package io.github.cpsample.onnx.autodiff;

import io.github.cpsample.onnx.Attribute;
import io.github.cpsample.onnx.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;

/** Operators that only move elements: the cotangent moves back. */
final class LayoutRules {

  private LayoutRules() {}

  static void addTo(Map<String, AdjointRule> rules) {
    for (String operator : List.of("Reshape", "Flatten", "Squeeze", "Unsqueeze")) {
      rules.put(operator, n -> n.give(0, () -> n.emit().reshapeLike(n.cotangent(), n.in(0))));
    }
    rules.put("Transpose", LayoutRules::transpose);
    rules.put("Concat", LayoutRules::concat);
    rules.put("Split", LayoutRules::split);
    // the sum over the axes along which x was repeated
    rules.put(
        "Expand", n -> n.give(0, () -> n.emit().unbroadcast(n.cotangent(), n.in(0), n.out())));
  }

  /** The inverse permutation. */
  private static void transpose(NodeAdjoint n) {
    n.give(
        0,
        () -> {
          int rank = n.shape(0).rank();
          long[] order =
              n.node()
                  .ints("perm")
                  .orElse(LongStream.range(0, rank).map(i -> rank - 1 - i).toArray());
          long[] inverse = new long[rank];
          for (int i = 0; i < rank; i++) {
            inverse[(int) order[i]] = i;
          }
          return n.emit()
              .node("Transpose", List.of(n.cotangent()), Attribute.ints("perm", inverse));
        });
  }

  /** Every input gets its own piece. */
  private static void concat(NodeAdjoint n) {
    Emitter e = n.emit();
    int rank = n.shape(0).rank();
    long axis = n.node().integer("axis", 1);
    int at = (int) (axis < 0 ? axis + rank : axis);
    String start = e.integers(0);
    for (int i = 0; i < n.node().inputs().size(); i++) {
      String from = start;
      String to = end(n, i, at, start);
      n.give(i, () -> e.node("Slice", n.cotangent(), from, to, e.integers(at)));
      start = to;
    }
  }

  private static String end(NodeAdjoint n, int input, int axis, String start) {
    Emitter e = n.emit();
    if (e.opset() < 10) {
      throw n.refuse("expected opset 10 or later");
    }
    Shape shape = n.shape(input);
    String size =
        shape.dim(axis).isFixed()
            ? e.integers(shape.dim(axis).size())
            : e.node("Gather", e.node("Shape", n.in(input)), e.integers(axis));
    return e.node("Add", start, size);
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
          return n.emit()
              .node("Concat", pieces, Attribute.integer("axis", n.node().integer("axis", 0)));
        });
  }
}
