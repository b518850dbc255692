package io.github.cpsample.onnx;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * One operation of a graph.
 *
 * @param name its name, possibly empty
 * @param operator what it does, such as {@code Conv}
 * @param domain whose operator it is; empty for ONNX's own
 * @param inputs names of its inputs; empty for an omitted one
 * @param outputs names of its outputs; empty for an omitted one
 * @param attributes its attributes
 * @param notes what is written at it
 */
public record Node(
    String name,
    String operator,
    String domain,
    List<String> inputs,
    List<String> outputs,
    List<Attribute> attributes,
    Notes notes) {

  public Node {
    domain = domain.equals("ai.onnx") ? "" : domain;
    inputs = List.copyOf(inputs);
    outputs = List.copyOf(outputs);
    attributes = List.copyOf(attributes);
  }

  /**
   * A node without notes.
   *
   * @param name its name
   * @param operator what it does
   * @param domain whose operator it is
   * @param inputs names of its inputs
   * @param outputs names of its outputs
   * @param attributes its attributes
   */
  public Node(
      String name,
      String operator,
      String domain,
      List<String> inputs,
      List<String> outputs,
      List<Attribute> attributes) {
    this(name, operator, domain, inputs, outputs, attributes, Notes.NONE);
  }

  /**
   * The same node with other names of inputs and outputs.
   *
   * @param newInputs names of its inputs
   * @param newOutputs names of its outputs
   * @return a changed copy
   */
  public Node between(List<String> newInputs, List<String> newOutputs) {
    return new Node(name, operator, domain, newInputs, newOutputs, attributes, notes);
  }

  /**
   * An attribute by name.
   *
   * @param attribute the attribute's name
   * @return the attribute, if the node has it
   */
  public Optional<Attribute> attribute(String attribute) {
    return attributes.stream().filter(a -> a.name().equals(attribute)).findFirst();
  }

  /**
   * An integer attribute.
   *
   * @param attribute the attribute's name
   * @param otherwise the operator's default
   * @return the value
   */
  public long integer(String attribute, long otherwise) {
    return attribute(attribute).map(a -> (Long) a.value()).orElse(otherwise);
  }

  /**
   * A float attribute.
   *
   * @param attribute the attribute's name
   * @param otherwise the operator's default
   * @return the value
   */
  public float decimal(String attribute, float otherwise) {
    return attribute(attribute).map(a -> (Float) a.value()).orElse(otherwise);
  }

  /**
   * A string attribute.
   *
   * @param attribute the attribute's name
   * @param otherwise the operator's default
   * @return the value
   */
  public String string(String attribute, String otherwise) {
    return attribute(attribute).map(a -> (String) a.value()).orElse(otherwise);
  }

  /**
   * An attribute that is a list of integers.
   *
   * @param attribute the attribute's name
   * @return the values, if the node has it
   */
  public Optional<long[]> ints(String attribute) {
    return attribute(attribute)
        .map(a -> ((List<?>) a.value()).stream().mapToLong(v -> (Long) v).toArray());
  }

  /**
   * Whether an optional input is there.
   *
   * @param index the input's index
   * @return whether it has a name
   */
  public boolean hasInput(int index) {
    return index < inputs.size() && !inputs.get(index).isEmpty();
  }

  /**
   * The subgraphs among the attributes.
   *
   * @return the branches or bodies of control flow
   */
  public List<Graph> subgraphs() {
    return attributes.stream()
        .flatMap(a -> a.value() instanceof List<?> list ? list.stream() : Stream.of(a.value()))
        .filter(Graph.class::isInstance)
        .map(Graph.class::cast)
        .toList();
  }

  /**
   * Everything that the node reads: its inputs, and the values around it that its subgraphs use.
   *
   * @return names, without those of omitted inputs
   */
  public Set<String> reads() {
    Set<String> names = new LinkedHashSet<>(inputs);
    for (Graph subgraph : subgraphs()) {
      Set<String> inner = new LinkedHashSet<>();
      subgraph.nodes().forEach(node -> inner.addAll(node.reads()));
      subgraph.outputs().forEach(output -> inner.add(output.name()));
      inner.removeAll(subgraph.initializers().keySet());
      subgraph.inputs().forEach(input -> inner.remove(input.name()));
      subgraph.nodes().forEach(node -> node.outputs().forEach(inner::remove));
      names.addAll(inner);
    }
    names.remove("");
    return names;
  }

  @Override
  public String toString() {
    return operator + (name.isEmpty() ? "" : " \"" + name + "\"") + " -> " + outputs;
  }
}
