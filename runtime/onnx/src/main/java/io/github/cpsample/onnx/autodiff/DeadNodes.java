package io.github.cpsample.onnx.autodiff;

import io.github.cpsample.onnx.Graph;
import io.github.cpsample.onnx.Node;
import io.github.cpsample.onnx.Tensor;
import io.github.cpsample.onnx.ValueInfo;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Removes nodes and constants that no output depends on. */
final class DeadNodes {

  private DeadNodes() {}

  static Graph remove(Graph graph) {
    Set<String> used = new HashSet<>();
    graph.outputs().stream().map(ValueInfo::name).forEach(used::add);
    Deque<Node> kept = new ArrayDeque<>();
    List<Node> nodes = graph.nodes();
    for (int i = nodes.size() - 1; i >= 0; i--) {
      Node node = nodes.get(i);
      if (node.outputs().stream().anyMatch(used::contains)) {
        kept.addFirst(node);
        used.addAll(node.reads());
      }
    }
    Map<String, Tensor> constants = new LinkedHashMap<>(graph.initializers());
    Set<String> declared = new HashSet<>();
    graph.inputs().forEach(input -> declared.add(input.name()));
    constants.keySet().removeIf(name -> !used.contains(name) && !declared.contains(name));
    return new Graph(
        graph.name(),
        graph.inputs(),
        graph.outputs(),
        List.copyOf(kept),
        constants,
        graph.valueInfo(),
        graph.notes());
  }
}
