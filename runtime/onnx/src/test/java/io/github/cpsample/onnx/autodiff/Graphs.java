package io.github.cpsample.onnx.autodiff;

import io.github.cpsample.onnx.Graph;
import io.github.cpsample.onnx.OnnxModel;
import io.github.cpsample.onnx.ValueInfo;
import java.util.Optional;

/** Changed copies of graphs for tests. */
final class Graphs {

  private Graphs() {}

  /** A model that leaves the shapes of its outputs to ONNX Runtime. */
  static OnnxModel withoutOutputShapes(OnnxModel model) {
    Graph graph = model.graph();
    return model.withGraph(
        new Graph(
            graph.name(),
            graph.inputs(),
            graph.outputs().stream()
                .map(v -> new ValueInfo(v.name(), v.type(), Optional.empty()))
                .toList(),
            graph.nodes(),
            graph.initializers(),
            graph.valueInfo()));
  }
}
