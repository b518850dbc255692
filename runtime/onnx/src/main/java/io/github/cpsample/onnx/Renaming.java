package io.github.cpsample.onnx;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/**
 * Gives nodes and values other names, wherever nodes and the graphs inside them read or write them.
 * Immutable and thread-safe.
 */
public final class Renaming {

  private final UnaryOperator<String> nodes;
  private final UnaryOperator<String> values;

  /**
   * Renames by functions.
   *
   * @param nodes the new name of a node, or the old one
   * @param values the new name of a value, or the old one; is not asked about omitted values
   */
  public Renaming(UnaryOperator<String> nodes, UnaryOperator<String> values) {
    this.nodes = nodes;
    this.values = name -> name.isEmpty() ? name : values.apply(name);
  }

  /**
   * Renames values only.
   *
   * @param values the new name of a value, or the old one; is not asked about omitted values
   * @return the renaming
   */
  public static Renaming ofValues(UnaryOperator<String> values) {
    return new Renaming(UnaryOperator.identity(), values);
  }

  /**
   * A node under its new names.
   *
   * @param node the node
   * @return a changed copy
   */
  public Node node(Node node) {
    return new Node(
        nodes.apply(node.name()),
        node.operator(),
        node.domain(),
        node.inputs().stream().map(values).toList(),
        node.outputs().stream().map(values).toList(),
        node.attributes().stream().map(this::attribute).toList(),
        node.notes());
  }

  private Attribute attribute(Attribute attribute) {
    Object value =
        attribute.value() instanceof List<?> list
            ? list.stream().map(this::nested).toList()
            : nested(attribute.value());
    return new Attribute(attribute.name(), attribute.kind(), value);
  }

  private Object nested(Object value) {
    return value instanceof Graph graph ? graph(graph) : value;
  }

  /**
   * A graph inside another under its new names. Its declarations lose their symbols: a size's name
   * may mean another size around the graph.
   *
   * @param graph the graph
   * @return a changed copy
   */
  public Graph graph(Graph graph) {
    Map<String, Tensor> initializers = new LinkedHashMap<>();
    graph.initializers().forEach((name, tensor) -> initializers.put(values.apply(name), tensor));
    return new Graph(
        graph.name(),
        declarations(graph.inputs()),
        declarations(graph.outputs()),
        graph.nodes().stream().map(this::node).toList(),
        initializers,
        declarations(graph.valueInfo()),
        graph.notes());
  }

  private List<ValueInfo> declarations(List<ValueInfo> declared) {
    return declared.stream()
        .map(
            value ->
                new ValueInfo(
                    values.apply(value.name()),
                    value.type(),
                    value.shape().map(Renaming::withoutSymbols),
                    value.notes()))
        .toList();
  }

  private static Shape withoutSymbols(Shape shape) {
    return new Shape(
        shape.dims().stream().map(dim -> dim.isFixed() ? dim : Dim.unknown()).toList());
  }
}
