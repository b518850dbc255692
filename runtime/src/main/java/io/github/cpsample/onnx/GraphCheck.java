package io.github.cpsample.onnx;

import java.util.HashSet;
import java.util.Set;

/**
 * Checks that a graph can run: every value is made before it is used, and made once. Cycles cannot
 * pass, since some value on a cycle is used before it is made.
 */
final class GraphCheck {

  private GraphCheck() {}

  static void check(OnnxModel model) {
    model.opset();
    check(model.graph(), Set.of());
  }

  private static void check(Graph graph, Set<String> outer) {
    Set<String> known = new HashSet<>(outer);
    Set<String> made = new HashSet<>(graph.initializers().keySet());
    graph.inputs().forEach(input -> made.add(input.name()));
    known.addAll(made);
    for (Node node : graph.nodes()) {
      for (String input : node.inputs()) {
        if (!input.isEmpty() && !known.contains(input)) {
          throw new MalformedModelException(
              "node "
                  + node
                  + ": expected input "
                  + input
                  + " to be made by an earlier node, an input or an initializer, found none; the"
                  + " graph is incomplete, not in order, or cyclic");
        }
      }
      node.subgraphs().forEach(subgraph -> check(subgraph, known));
      for (String output : node.outputs()) {
        if (!output.isEmpty() && !made.add(output)) {
          throw new MalformedModelException("value " + output + " is made twice, by " + node);
        }
        known.add(output);
      }
    }
    for (ValueInfo output : graph.outputs()) {
      if (!known.contains(output.name())) {
        throw new MalformedModelException(
            "output " + output.name() + ": expected a node that makes it, found none");
      }
    }
  }
}
