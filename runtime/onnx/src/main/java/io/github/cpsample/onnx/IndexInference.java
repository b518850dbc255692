package io.github.cpsample.onnx;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Follows the integer vectors that describe shapes: {@code Shape}, and what graphs compute from it
 * to reshape, expand or slice with.
 */
final class IndexInference {

  private IndexInference() {}

  static void extend(Node node, TensorTypes known) {
    if (!node.domain().isEmpty() || node.outputs().isEmpty() || node.inputs().isEmpty()) {
      return;
    }
    Optional<List<IndexValue>> values =
        switch (node.operator()) {
          case "Shape" -> shape(node, known);
          case "Identity", "Unsqueeze", "Squeeze", "Reshape", "Cast" -> vector(node, known, 0);
          case "Gather" -> gather(node, known);
          case "Concat" -> concat(node, known);
          case "Slice" -> slice(node, known);
          case "Add", "Sub", "Mul", "Div" -> arithmetic(node, known);
          default -> Optional.empty();
        };
    boolean integer =
        known
            .type(node.outputs().get(0))
            .filter(t -> t == ElementType.INT64 || t == ElementType.INT32)
            .isPresent();
    if (integer) {
      values.ifPresent(v -> known.index(node.outputs().get(0), v));
    }
  }

  private static Optional<List<IndexValue>> vector(Node node, TensorTypes known, int input) {
    return node.hasInput(input) ? known.indices(node.inputs().get(input)) : Optional.empty();
  }

  /** The elements of an input that has no second axis along which they would be taken as well. */
  private static Optional<List<IndexValue>> flat(Node node, TensorTypes known, int input) {
    return vector(node, known, input)
        .filter(
            values ->
                values.size() <= 1
                    || known.shape(node.inputs().get(input)).filter(s -> s.rank() < 2).isPresent());
  }

  private static Optional<List<IndexValue>> shape(Node node, TensorTypes known) {
    return known
        .shape(node.inputs().get(0))
        .map(
            shape -> {
              int rank = shape.rank();
              int start = ShapeRules.clamped(node.integer("start", 0), rank);
              int end = ShapeRules.clamped(node.integer("end", rank), rank);
              return shape.dims().subList(start, Math.max(start, end)).stream()
                  .map(IndexValue::of)
                  .toList();
            });
  }

  private static Optional<List<IndexValue>> gather(Node node, TensorTypes known) {
    Optional<List<IndexValue>> data = flat(node, known, 0);
    Optional<long[]> chosen = known.integers(node.inputs().get(1));
    if (data.isEmpty() || chosen.isEmpty()) {
      return Optional.empty();
    }
    List<IndexValue> result = new ArrayList<>();
    for (long index : chosen.get()) {
      result.add(data.get().get((int) (index < 0 ? index + data.get().size() : index)));
    }
    return Optional.of(result);
  }

  private static Optional<List<IndexValue>> concat(Node node, TensorTypes known) {
    List<IndexValue> result = new ArrayList<>();
    for (int i = 0; i < node.inputs().size(); i++) {
      Optional<List<IndexValue>> part = flat(node, known, i);
      if (part.isEmpty()) {
        return Optional.empty();
      }
      result.addAll(part.get());
    }
    return Optional.of(result);
  }

  private static Optional<List<IndexValue>> slice(Node node, TensorTypes known) {
    Optional<List<IndexValue>> data = flat(node, known, 0);
    Optional<long[]> starts = SelectionShapes.argument(node, known, "starts", 1);
    Optional<long[]> ends = SelectionShapes.argument(node, known, "ends", 2);
    boolean steps =
        node.hasInput(4)
            && !known.integers(node.inputs().get(4)).filter(s -> s[0] == 1).isPresent();
    if (data.isEmpty() || starts.isEmpty() || ends.isEmpty() || steps) {
      return Optional.empty();
    }
    int size = data.get().size();
    int start = ShapeRules.clamped(starts.get()[0], size);
    int end = ShapeRules.clamped(ends.get()[0], size);
    return Optional.of(data.get().subList(start, Math.max(start, end)));
  }

  private static Optional<List<IndexValue>> arithmetic(Node node, TensorTypes known) {
    Optional<List<IndexValue>> a = flat(node, known, 0);
    Optional<List<IndexValue>> b = flat(node, known, 1);
    if (a.isEmpty() || b.isEmpty() || a.get().isEmpty() || b.get().isEmpty()) {
      return Optional.empty();
    }
    int size = Math.max(a.get().size(), b.get().size());
    List<IndexValue> result = new ArrayList<>();
    for (int i = 0; i < size; i++) {
      IndexValue x = a.get().get(a.get().size() == 1 ? 0 : i);
      IndexValue y = b.get().get(b.get().size() == 1 ? 0 : i);
      Optional<IndexValue> value = arithmetic(node.operator(), x, y, known);
      if (value.isEmpty()) {
        return Optional.empty();
      }
      result.add(value.get());
    }
    return Optional.of(result);
  }

  private static Optional<IndexValue> arithmetic(
      String operator, IndexValue x, IndexValue y, TensorTypes known) {
    if (!x.isNumber() || !y.isNumber()) {
      // a difference of sizes may be negative, which no size can stand for
      return operator.equals("Sub") || x.number() < -1 || y.number() < -1
          ? Optional.empty()
          : Optional.of(IndexValue.of(known.derived(operator + " " + x + " " + y)));
    }
    long a = x.number();
    long b = y.number();
    return switch (operator) {
      case "Add" -> Optional.of(IndexValue.of(Math.addExact(a, b)));
      case "Sub" -> Optional.of(IndexValue.of(Math.subtractExact(a, b)));
      case "Mul" -> Optional.of(IndexValue.of(Math.multiplyExact(a, b)));
      default -> b == 0 ? Optional.empty() : Optional.of(IndexValue.of(a / b));
    };
  }
}
