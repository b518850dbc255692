package io.github.cpsample.onnx.autodiff;

import io.github.cpsample.onnx.ElementType;
import io.github.cpsample.onnx.Graph;
import io.github.cpsample.onnx.Node;
import io.github.cpsample.onnx.OnnxModel;
import io.github.cpsample.onnx.OrtGraph;
import io.github.cpsample.onnx.Tensor;
import io.github.cpsample.onnx.ValueInfo;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The sizes that values of a graph have when ONNX Runtime runs it: told by it, not inferred. */
final class RecordedShapes {

  private RecordedShapes() {}

  /**
   * Runs a model.
   *
   * @param model a float32 model
   * @param operators at least the values around nodes of these operators are recorded
   * @param point its inputs
   */
  static Map<String, long[]> of(OnnxModel model, Set<String> operators, Map<String, Tensor> point) {
    Graph graph = model.graph();
    Map<String, long[]> shapes = new HashMap<>();
    point.forEach((name, tensor) -> shapes.put(name, tensor.sizes()));
    graph.initializers().forEach((name, tensor) -> shapes.put(name, tensor.sizes()));
    Set<String> asked = new LinkedHashSet<>();
    graph.outputs().forEach(output -> asked.add(output.name()));
    for (Node node : graph.nodes()) {
      if (node.operator().equals("Constant") && node.attribute("value").isPresent()) {
        Tensor value = (Tensor) node.attribute("value").get().value();
        shapes.put(node.outputs().get(0), value.sizes());
      } else if (operators.contains(node.operator())) {
        asked.addAll(node.inputs().subList(0, Math.min(2, node.inputs().size())));
        asked.add(node.outputs().get(0));
      }
    }
    asked.removeAll(shapes.keySet());
    asked.remove("");
    List<ValueInfo> outputs = new ArrayList<>(graph.outputs());
    graph.outputs().forEach(output -> asked.remove(output.name()));
    asked.forEach(name -> outputs.add(new ValueInfo(name, ElementType.FLOAT, Optional.empty())));
    Graph open =
        new Graph(
            graph.name(),
            graph.inputs(),
            outputs,
            graph.nodes(),
            graph.initializers(),
            graph.valueInfo());
    try (OrtGraph run = new OrtGraph(model.withGraph(open))) {
      run.run(point);
      outputs.forEach(output -> shapes.put(output.name(), run.shape(output.name())));
    }
    return shapes;
  }
}
