package io.github.cpsample.onnx.autodiff;

import io.github.cpsample.onnx.Attribute;
import io.github.cpsample.onnx.Einsum;
import java.util.ArrayList;
import java.util.List;

/**
 * Einstein sums y[out] = sum of the product of all operands over the indices that are not in out.
 * An operand gets the Einstein sum, over its own indices, of g and all other operands; along an
 * index that only it has, that is repeated.
 */
final class EinsumRule implements AdjointRule {

  @Override
  public void apply(NodeAdjoint n) {
    List<Integer> ranks = new ArrayList<>();
    for (int i = 0; i < n.node().inputs().size(); i++) {
      ranks.add(n.rank(i));
    }
    Einsum equation = Einsum.parse(n.node().string("equation", ""), ranks);
    if (equation.hasDiagonals()) {
      if (equation.output().chars().distinct().count() < equation.output().length()) {
        throw n.refuse("expected every index once in the result, found " + equation);
      }
      new DecomposedRule((e, node) -> List.of(withoutDiagonals(node, equation))).apply(n);
      return;
    }
    for (int i = 0; i < ranks.size(); i++) {
      int operand = i;
      n.give(i, () -> operand(n, equation, operand));
    }
  }

  /** A diagonal is the product with an identity matrix, summed over its columns. */
  private static String withoutDiagonals(NodeAdjoint n, Einsum equation) {
    Emitter e = n.emit();
    List<String> values = new ArrayList<>(n.node().inputs());
    List<String> indices = new ArrayList<>(equation.operands());
    String taken = String.join("", indices) + equation.output();
    String free = Einsum.lettersWithout(taken);
    for (int i = 0; i < equation.operands().size(); i++) {
      StringBuilder own = new StringBuilder(indices.get(i));
      for (int axis = 1; axis < own.length(); axis++) {
        char index = own.charAt(axis);
        if (own.indexOf(String.valueOf(index)) < axis) {
          own.setCharAt(axis, free.charAt(0));
          values.add(new Indices(e).identity(e.size(n.in(i), axis), n.in(i)));
          indices.add("" + index + free.charAt(0));
          free = free.substring(1);
        }
      }
      indices.set(i, own.toString());
    }
    String all = String.join(",", indices) + "->" + equation.output();
    return e.node("Einsum", values, Attribute.string("equation", all));
  }

  private static String operand(NodeAdjoint n, Einsum equation, int operand) {
    Emitter e = n.emit();
    String own = equation.operands().get(operand);
    List<String> values = new ArrayList<>(List.of(n.cotangent()));
    List<String> indices = new ArrayList<>(List.of(equation.output()));
    for (int i = 0; i < equation.operands().size(); i++) {
      if (i != operand) {
        values.add(n.in(i));
        indices.add(equation.operands().get(i));
      }
    }
    StringBuilder found = new StringBuilder();
    List<Long> missing = new ArrayList<>();
    for (int i = 0; i < own.length(); i++) {
      String index = own.substring(i, i + 1);
      if (indices.stream().anyMatch(other -> other.contains(index))) {
        found.append(index);
      } else {
        missing.add((long) i);
      }
    }
    String sum =
        e.node(
            "Einsum",
            values,
            Attribute.string("equation", String.join(",", indices) + "->" + found));
    if (missing.isEmpty()) {
      return new Broadcasting(e).sum(sum, n.in(operand), sum);
    }
    String kept = e.unsqueeze(sum, missing.stream().mapToLong(Long::longValue).toArray());
    String all = e.expand(kept, e.fullShapeOf(n.in(operand)));
    return new Broadcasting(e).sum(all, n.in(operand), all);
  }
}
