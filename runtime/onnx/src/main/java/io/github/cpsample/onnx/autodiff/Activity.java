package io.github.cpsample.onnx.autodiff;

import io.github.cpsample.onnx.ElementType;
import io.github.cpsample.onnx.Node;
import io.github.cpsample.onnx.TensorTypes;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Which values lie on a differentiable path: they depend on an input to differentiate with respect
 * to, through floating point values only, and an output to be differentiated depends on them.
 */
final class Activity {

  /** Their results do not vary with small changes of their inputs, almost everywhere. */
  private static final Set<String> PIECEWISE_CONSTANT =
      Set.of(
          "Shape",
          "Size",
          "NonZero",
          "Equal",
          "Greater",
          "Less",
          "GreaterOrEqual",
          "LessOrEqual",
          "IsNaN",
          "IsInf",
          "Sign",
          "Floor",
          "Ceil",
          "Round",
          "EyeLike",
          "ConstantOfShape",
          "RandomNormalLike",
          "RandomUniformLike",
          "Hardmax",
          "MelWeightMatrix");

  private final Set<String> varied;
  private final Set<String> reached;

  private Activity(Set<String> varied, Set<String> reached) {
    this.varied = varied;
    this.reached = reached;
  }

  /**
   * Finds the active values.
   *
   * @throws UnsupportedOperatorException where an output depends on an input through an operation
   *     that makes integers of floating point values, such as ArgMax
   */
  static Activity of(
      List<Node> nodes,
      int opset,
      TensorTypes known,
      Collection<String> inputs,
      Collection<String> outputs,
      boolean straightThrough) {
    Set<String> useful = needed(nodes, outputs, node -> true);
    Set<String> reached = needed(nodes, outputs, node -> !isPiecewiseConstant(node, known));
    Set<String> varied = new HashSet<>(inputs);
    for (Node node : nodes) {
      if (!isPiecewiseConstant(node, known) && node.reads().stream().anyMatch(varied::contains)) {
        List<String> results =
            straightThrough && StraightThrough.rounds(node)
                ? List.of(node.outputs().get(0))
                : node.outputs().stream().filter(o -> varies(o, node, known, varied)).toList();
        if (results.isEmpty() && node.outputs().stream().anyMatch(useful::contains)) {
          throw new UnsupportedOperatorException(
              node,
              opset,
              "it makes integers of values that depend on an input to differentiate with respect to"
                  + (StraightThrough.rounds(node) ? "; " + StraightThrough.ADVICE : ""));
        }
        varied.addAll(results);
      }
    }
    varied.remove("");
    return new Activity(varied, reached);
  }

  /** Whether an output has a slope: floating point ones, and integers that are handed on. */
  private static boolean varies(String output, Node node, TensorTypes known, Set<String> varied) {
    ElementType type = known.type(output).orElse(ElementType.FLOAT);
    return type.isFloatingPoint()
        || (StraightThrough.passes(node)
            && node.inputs().stream()
                .anyMatch(
                    i -> varied.contains(i) && known.type(i).filter(type::equals).isPresent()));
  }

  /** The values that values depend on, followed back through certain nodes only. */
  private static Set<String> needed(
      List<Node> nodes, Collection<String> values, Predicate<Node> through) {
    Set<String> needed = new HashSet<>(values);
    for (int i = nodes.size() - 1; i >= 0; i--) {
      Node node = nodes.get(i);
      if (node.outputs().stream().anyMatch(needed::contains) && through.test(node)) {
        needed.addAll(node.reads());
      }
    }
    return needed;
  }

  private static boolean isPiecewiseConstant(Node node, TensorTypes known) {
    boolean rounding =
        node.operator().equals("Cast")
            && !node.outputs().isEmpty()
            && known.type(node.outputs().get(0)).filter(t -> !t.isFloatingPoint()).isPresent();
    return node.domain().isEmpty() && (rounding || PIECEWISE_CONSTANT.contains(node.operator()));
  }

  boolean isActive(String value) {
    return varied.contains(value) && reached.contains(value);
  }
}
