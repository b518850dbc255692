package io.github.cpsample.onnx;

import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Checks that a graph can run: every value is made before it is used, and made once. Cycles cannot
 * pass, since some value on a cycle is used before it is made.
 */
final class GraphCheck {

  private GraphCheck() {}

  static void check(OnnxModel model) {
    model.opset();
    check(model.graph(), new Scope(null, new HashSet<>()));
  }

  /** What a graph knows: its own values, and those of the graphs around it. */
  private record Scope(@Nullable Scope outer, Set<String> values) {
    boolean contains(String value) {
      for (Scope scope = this; scope != null; scope = scope.outer) {
        if (scope.values.contains(value)) {
          return true;
        }
      }
      return false;
    }
  }

  private static void check(Graph graph, Scope outer) {
    Set<String> made = new HashSet<>(graph.initializers().keySet());
    made.addAll(names("input", graph.inputs()));
    Scope known = new Scope(outer, made);
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
      }
    }
    for (String output : names("output", graph.outputs())) {
      if (!known.contains(output)) {
        throw new MalformedModelException(
            "output " + output + ": expected a node that makes it, found none");
      }
    }
  }

  private static Set<String> names(String what, List<ValueInfo> values) {
    Set<String> names = new LinkedHashSet<>();
    for (ValueInfo value : values) {
      if (!names.add(value.name())) {
        throw new MalformedModelException(what + " " + value.name() + " is declared twice");
      }
    }
    return names;
  }
}
