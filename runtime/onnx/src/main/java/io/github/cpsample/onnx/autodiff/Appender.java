package io.github.cpsample.onnx.autodiff;

import io.github.cpsample.base.Checks;
import io.github.cpsample.onnx.Attribute;
import io.github.cpsample.onnx.ElementType;
import io.github.cpsample.onnx.Graph;
import io.github.cpsample.onnx.Node;
import io.github.cpsample.onnx.Renaming;
import io.github.cpsample.onnx.ShapeInference;
import io.github.cpsample.onnx.Tensor;
import io.github.cpsample.onnx.TensorTypes;
import io.github.cpsample.onnx.ValueInfo;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Appends nodes and constants to the graph that is being derived. An operation on the same inputs
 * as one that is there already, be it the model's own, is not repeated.
 */
final class Appender {

  /** Elements of the largest constant that is made up; a hostile model could ask for more. */
  static final long LARGEST_CONSTANT = 1L << 22;

  private static final String PREFIX = "adjoint.";

  /** Operations that give different results each time, or that are too involved to compare. */
  private static final Set<String> NOT_SHARED =
      Set.of(
          "RandomNormal",
          "RandomNormalLike",
          "RandomUniform",
          "RandomUniformLike",
          "Multinomial",
          "Bernoulli",
          "Dropout",
          "If");

  private record Operation(String operator, List<String> inputs, List<Attribute> attributes) {}

  private final TensorTypes known;
  private final String prefix;
  private final Map<List<String>, Node> forward = new LinkedHashMap<>();
  private final List<Node> nodes = new ArrayList<>();
  private final Map<String, Tensor> constants = new LinkedHashMap<>();
  private final Map<String, String> shared = new HashMap<>();
  private final Map<Operation, List<String>> results = new HashMap<>();
  private final Map<String, Node> producers = new HashMap<>();
  private final Map<String, List<Node>> readers = new HashMap<>();
  private final Map<String, String> given = new HashMap<>();
  private final Set<String> names = new HashSet<>();
  private Map<List<String>, Node> tape = new LinkedHashMap<>();
  private int counter;

  Appender(Graph graph, TensorTypes known) {
    this(graph, known, PREFIX);
  }

  private Appender(Graph graph, TensorTypes known, String prefix) {
    this.known = known;
    this.prefix = prefix;
    graph.inputs().forEach(i -> names.add(i.name()));
    names.addAll(graph.initializers().keySet());
    for (Node node : graph.nodes()) {
      names.addAll(node.outputs());
      node.subgraphs().forEach(this::claim);
      forward.put(node.outputs(), node);
      node.inputs().forEach(i -> readers.computeIfAbsent(i, name -> new ArrayList<>()).add(node));
      boolean plain = node.domain().isEmpty() && node.subgraphs().isEmpty();
      if (plain && !NOT_SHARED.contains(node.operator())) {
        results.putIfAbsent(operation(node), node.outputs());
      }
    }
  }

  /** Values of nested graphs may not have names of values around them. */
  private void claim(Graph nested) {
    nested.inputs().forEach(i -> names.add(i.name()));
    names.addAll(nested.initializers().keySet());
    for (Node node : nested.nodes()) {
      names.addAll(node.outputs());
      node.subgraphs().forEach(this::claim);
    }
  }

  private static Operation operation(Node node) {
    return new Operation(node.operator(), node.inputs(), node.attributes());
  }

  /**
   * The model's nodes, with the outputs that rules asked for. They are told apart by their outputs,
   * which are unique; those without any are dropped.
   */
  List<Node> forward() {
    return List.copyOf(forward.values());
  }

  /** The appended nodes. */
  List<Node> nodes() {
    Renaming renaming = Renaming.ofValues(this::named);
    return nodes.stream().map(renaming::node).toList();
  }

  private String named(String value) {
    return given.getOrDefault(value, value);
  }

  Map<String, Tensor> constants() {
    return constants;
  }

  /**
   * Whether the model chooses between a value and something else, as models do where it may be no
   * number.
   */
  boolean isReplaced(String value) {
    return readers.getOrDefault(value, List.of()).stream()
        .anyMatch(
            node ->
                switch (node.operator()) {
                  case "Where", "IsNaN" -> true;
                  case "Cast", "Identity" -> isReplaced(node.outputs().get(0));
                  default -> false;
                });
  }

  /** The appended node that makes a value. */
  Optional<Node> producer(String value) {
    return Optional.ofNullable(producers.get(value));
  }

  /** The model's node that makes a value and nothing else. */
  Optional<Node> modelNode(String value) {
    return Optional.ofNullable(forward.get(List.of(value)));
  }

  /** Whether a value is what an operation without attributes makes of another. */
  boolean isResult(String value, String operator, String operand) {
    List<String> outputs = results.get(new Operation(operator, List.of(operand), List.of()));
    return outputs != null && outputs.get(0).equals(value);
  }

  /** Appends to a branch, a graph inside this one whose names start with a prefix of its own. */
  Appender inside(Graph branch, String branchPrefix) {
    return new Appender(branch, known, branchPrefix);
  }

  /** Starts names that nothing here has. */
  String branchPrefix() {
    return fresh("branch") + "/";
  }

  /** A name for a result, to be given to a value. */
  String result() {
    return fresh("result");
  }

  private String fresh(String hint) {
    String name;
    do {
      name = prefix + hint + "." + counter++;
    } while (!names.add(name));
    return name;
  }

  List<String> append(String operator, List<String> inputs, int count, Attribute... attributes) {
    Operation operation = new Operation(operator, inputs, List.of(attributes));
    List<String> there = results.get(operation);
    if (there != null && there.size() >= count && !there.subList(0, count).contains("")) {
      tape.putIfAbsent(there, new Node("", operator, "", inputs, there, List.of(attributes)));
      return there.subList(0, count);
    }
    List<String> outputs = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      outputs.add(fresh(operator));
    }
    add(new Node(outputs.get(0), operator, "", inputs, outputs, List.of(attributes)));
    if (!NOT_SHARED.contains(operator)) {
      results.put(operation, outputs);
    }
    return outputs;
  }

  /**
   * Runs what appends nodes.
   *
   * @param appending appends
   * @return the nodes that were appended, or were there already, in an order in which they can run
   */
  List<Node> recorded(Runnable appending) {
    Map<List<String>, Node> outer = tape;
    tape = new LinkedHashMap<>();
    try {
      appending.run();
      return List.copyOf(tape.values());
    } finally {
      tape = outer;
    }
  }

  private void add(Node node) {
    nodes.add(node);
    tape.putIfAbsent(node.outputs(), node);
    node.outputs().forEach(output -> producers.put(output, node));
    ShapeInference.extend(node, known);
  }

  /** Gives a value a name of its own; a copy of it, if it has a name that must stay. */
  void name(String value, String name) {
    if (!producers.containsKey(value) || given.putIfAbsent(value, name) != null) {
      add(new Node(prefix + name, "Identity", "", List.of(value), List.of(name), List.of()));
    }
  }

  String furtherOutput(Node node, int index, ElementType type) {
    boolean ofModel = forward.containsKey(node.outputs());
    Node current =
        ofModel
            ? Checks.entry(forward, node.outputs())
            : Checks.entry(producers, node.outputs().get(0));
    List<String> outputs = new ArrayList<>(current.outputs());
    outputs.addAll(Collections.nCopies(Math.max(0, index + 1 - outputs.size()), ""));
    if (outputs.get(index).isEmpty()) {
      outputs.set(index, fresh(node.operator()));
      known.declare(new ValueInfo(outputs.get(index), type, Optional.empty()));
      Node more = current.between(current.inputs(), outputs);
      if (ofModel) {
        forward.put(node.outputs(), more);
      } else {
        nodes.set(nodes.indexOf(current), more);
        outputs.forEach(output -> producers.put(output, more));
      }
    }
    return outputs.get(index);
  }

  String constant(Tensor tensor) {
    String name = fresh("constant");
    constants.put(name, tensor);
    known.define(name, tensor);
    return name;
  }

  String shared(String key, Supplier<Tensor> tensor) {
    String name = shared.get(key);
    if (name == null) {
      name = constant(tensor.get());
      shared.put(key, name);
    }
    return name;
  }
}
