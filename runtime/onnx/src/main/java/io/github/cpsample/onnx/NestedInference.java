package io.github.cpsample.onnx;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Types and shapes of what an {@code If} gives: what both of its branches agree on. */
final class NestedInference {

  private NestedInference() {}

  static void extend(Node node, TensorTypes known) {
    List<Graph> branches = node.subgraphs();
    List<TensorTypes> inner = new ArrayList<>();
    for (Graph branch : branches) {
      TensorTypes types = known.nested();
      infer(branch, types);
      inner.add(types);
    }
    for (int i = 0; i < node.outputs().size(); i++) {
      Shape common = null;
      for (int b = 0; b < branches.size(); b++) {
        String output = branches.get(b).outputs().get(i).name();
        Optional<Shape> shape = inner.get(b).shape(output);
        common = b == 0 ? shape.orElse(null) : common(common, shape.orElse(null));
      }
      ElementType type =
          inner.isEmpty()
              ? null
              : inner.get(0).type(branches.get(0).outputs().get(i).name()).orElse(null);
      String result = node.outputs().get(i);
      known.put(
          result,
          type,
          common == null
              ? null
              : ShapeInference.merged(common, known.shape(result).orElse(common)));
    }
  }

  private static @Nullable Shape common(@Nullable Shape a, @Nullable Shape b) {
    if (a == null || b == null || a.rank() != b.rank()) {
      return null;
    }
    List<Dim> dims = new ArrayList<>();
    for (int i = 0; i < a.rank(); i++) {
      dims.add(a.dim(i).certainlyEquals(b.dim(i)) ? a.dim(i) : Dim.unknown());
    }
    return new Shape(dims);
  }

  /** Adds what is known of the values of a graph without inputs of its own. */
  static void infer(Graph graph, TensorTypes known) {
    for (List<ValueInfo> values : List.of(graph.valueInfo(), graph.outputs())) {
      values.forEach(v -> known.put(v.name(), v.type(), null));
    }
    graph.initializers().forEach(known::define);
    graph.nodes().forEach(node -> ShapeInference.extend(node, known));
  }
}
