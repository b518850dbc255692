package io.github.cpsample.onnx.autodiff;

import io.github.cpsample.onnx.Attribute;
import io.github.cpsample.onnx.Graph;
import io.github.cpsample.onnx.Node;
import io.github.cpsample.onnx.Tensor;
import io.github.cpsample.onnx.ValueInfo;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/** Gives values other names, wherever nodes and the graphs inside them read or write them. */
final class Renaming {

  private final UnaryOperator<String> names;

  /**
   * Renames by a function.
   *
   * @param names the new name of a value, or the old one
   */
  Renaming(UnaryOperator<String> names) {
    this.names = names;
  }

  Node node(Node node) {
    return new Node(
        node.name(),
        node.operator(),
        node.domain(),
        node.inputs().stream().map(names).toList(),
        node.outputs().stream().map(names).toList(),
        node.attributes().stream().map(this::attribute).toList(),
        node.notes());
  }

  private Attribute attribute(Attribute attribute) {
    if (attribute.value() instanceof Graph graph) {
      return Attribute.graph(attribute.name(), graph(graph));
    }
    if (attribute.kind() == Attribute.Kind.GRAPHS) {
      List<?> graphs =
          ((List<?>) attribute.value()).stream().map(g -> (Object) graph((Graph) g)).toList();
      return new Attribute(attribute.name(), attribute.kind(), graphs);
    }
    return attribute;
  }

  Graph graph(Graph graph) {
    Map<String, Tensor> constants = new LinkedHashMap<>();
    graph.initializers().forEach((name, tensor) -> constants.put(names.apply(name), tensor));
    return new Graph(
        graph.name(),
        values(graph.inputs()),
        values(graph.outputs()),
        graph.nodes().stream().map(this::node).toList(),
        constants,
        values(graph.valueInfo()),
        graph.notes());
  }

  private List<ValueInfo> values(List<ValueInfo> values) {
    return values.stream()
        .map(v -> new ValueInfo(names.apply(v.name()), v.type(), v.shape(), v.notes()))
        .toList();
  }
}
