package io.github.cpsample.onnx.autodiff;

import io.github.cpsample.onnx.Attribute;
import io.github.cpsample.onnx.Einsum;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

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
    return sum(e, values, indices, equation.output());
  }

  /**
   * ONNX Runtime brings the axes of every operand into the order in which the equation first names
   * them, and divides by zero where an operand without elements had them in another. Such operands
   * are transposed before.
   */
  private static String sum(Emitter e, List<String> values, List<String> indices, String result) {
    String named = String.join("", indices);
    List<String> operands = new ArrayList<>();
    List<String> terms = new ArrayList<>();
    for (int i = 0; i < values.size(); i++) {
      String value = values.get(i);
      String own = indices.get(i);
      if (e.hasElements(value)) {
        operands.add(value);
        terms.add(own);
        continue;
      }
      int[] order =
          IntStream.range(0, own.length())
              .boxed()
              .sorted(Comparator.comparing(axis -> named.indexOf(own.charAt(axis))))
              .mapToInt(Integer::intValue)
              .toArray();
      operands.add(e.transpose(value, IntStream.of(order).asLongStream().toArray()));
      StringBuilder term = new StringBuilder();
      IntStream.of(order).forEach(axis -> term.append(own.charAt(axis)));
      terms.add(term.toString());
    }
    String equation = String.join(",", terms) + "->" + result;
    return e.node("Einsum", operands, Attribute.string("equation", equation));
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
    String sum = sum(e, values, indices, found.toString());
    if (missing.isEmpty()) {
      return new Broadcasting(e).sum(sum, n.in(operand), sum);
    }
    String kept = e.unsqueeze(sum, missing.stream().mapToLong(Long::longValue).toArray());
    String all = e.expand(kept, e.fullShapeOf(n.in(operand)));
    return new Broadcasting(e).sum(all, n.in(operand), all);
  }
}
