package io.github.cpsample.onnx;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/** Nodes under other names, with the subgraphs that they hold. */
final class Renaming {

  private final UnaryOperator<String> names;

  private Renaming(UnaryOperator<String> names) {
    this.names = names;
  }

  /**
   * Renames a node and the values that it reads and makes.
   *
   * @param node the node
   * @param prefix put before every name
   * @param replaced other names for some values, which get no prefix
   */
  static Node of(Node node, String prefix, Map<String, String> replaced) {
    return new Renaming(name -> name.isEmpty() ? name : replaced.getOrDefault(name, prefix + name))
        .node(node);
  }

  private Node node(Node node) {
    return new Node(
        names.apply(node.name()),
        node.operator(),
        node.domain(),
        node.inputs().stream().map(names).toList(),
        node.outputs().stream().map(names).toList(),
        node.attributes().stream().map(this::attribute).toList());
  }

  private Attribute attribute(Attribute attribute) {
    Object value =
        attribute.value() instanceof List<?> list
            ? list.stream().map(this::value).toList()
            : value(attribute.value());
    return new Attribute(attribute.name(), attribute.kind(), value);
  }

  private Object value(Object value) {
    return value instanceof Graph graph ? graph(graph) : value;
  }

  private Graph graph(Graph graph) {
    Map<String, Tensor> initializers = new LinkedHashMap<>();
    graph.initializers().forEach((name, tensor) -> initializers.put(names.apply(name), tensor));
    return new Graph(
        graph.name(),
        declarations(graph.inputs()),
        declarations(graph.outputs()),
        graph.nodes().stream().map(this::node).toList(),
        initializers,
        List.of());
  }

  /** Declarations without symbols: a size's name may mean another size around the graph. */
  private List<ValueInfo> declarations(List<ValueInfo> values) {
    return values.stream()
        .map(
            value ->
                new ValueInfo(
                    names.apply(value.name()),
                    value.type(),
                    value
                        .shape()
                        .map(
                            shape ->
                                new Shape(
                                    shape.dims().stream()
                                        .map(dim -> dim.isFixed() ? dim : Dim.unknown())
                                        .toList()))))
        .toList();
  }
}
