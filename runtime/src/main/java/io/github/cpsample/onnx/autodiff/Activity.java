package io.github.cpsample.onnx.autodiff;

import io.github.cpsample.onnx.ElementType;
import io.github.cpsample.onnx.Graph;
import io.github.cpsample.onnx.Node;
import io.github.cpsample.onnx.TensorTypes;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Which values lie on a differentiable path: they depend on an input to differentiate with respect
 * to, through floating point values only, and an output to be differentiated depends on them.
 */
final class Activity {

  private final Set<String> varied;
  private final Set<String> useful;

  private Activity(Set<String> varied, Set<String> useful) {
    this.varied = varied;
    this.useful = useful;
  }

  static Activity of(
      Graph graph, TensorTypes known, Collection<String> inputs, Collection<String> outputs) {
    Set<String> varied = new HashSet<>(inputs);
    for (Node node : graph.nodes()) {
      if (passes(node) && node.inputs().stream().anyMatch(varied::contains)) {
        node.outputs().stream()
            .filter(o -> known.type(o).map(ElementType::isFloatingPoint).orElse(true))
            .forEach(varied::add);
      }
    }
    Set<String> useful = new HashSet<>(outputs);
    List<Node> nodes = graph.nodes();
    for (int i = nodes.size() - 1; i >= 0; i--) {
      if (nodes.get(i).outputs().stream().anyMatch(useful::contains)) {
        useful.addAll(nodes.get(i).inputs());
      }
    }
    return new Activity(varied, useful);
  }

  /** Shapes, comparisons and the like do not vary with small changes of their inputs. */
  private static boolean passes(Node node) {
    return switch (node.operator()) {
      case "Shape",
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
          "Round" ->
          !node.domain().isEmpty();
      default -> true;
    };
  }

  boolean isActive(String value) {
    return varied.contains(value) && useful.contains(value);
  }
}
