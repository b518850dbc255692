package io.github.cpsample.onnx;

import io.github.cpsample.base.Checks;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Builds an ONNX graph node by node. Names of intermediate values are made up and unique; inputs,
 * outputs and constants keep theirs. A branch or body is built by {@link #subgraph}, which may use
 * the values of the graphs around it. Not thread-safe.
 */
public final class GraphBuilder implements Operators<Value> {

  private static final long IR_VERSION = 8;

  private final String graphName;
  private final Map<String, Long> opsets;
  private final @Nullable GraphBuilder outer;
  private final NameSource names;
  private final List<ValueInfo> inputs = new ArrayList<>();
  private final List<ValueInfo> outputs = new ArrayList<>();
  private final List<Node> nodes = new ArrayList<>();
  private final Map<String, Tensor> initializers = new LinkedHashMap<>();

  /**
   * Starts an empty graph.
   *
   * @param graphName its name
   * @param opset version of ONNX's operator set
   */
  public GraphBuilder(String graphName, int opset) {
    this(graphName, Map.of("", (long) opset));
  }

  /**
   * Starts an empty graph that may use several operator sets.
   *
   * @param graphName its name
   * @param opsets operator set versions by domain; the empty domain is ONNX's own
   */
  public GraphBuilder(String graphName, Map<String, Long> opsets) {
    this(graphName, Map.copyOf(opsets), null, new NameSource());
  }

  private GraphBuilder(
      String graphName, Map<String, Long> opsets, @Nullable GraphBuilder outer, NameSource names) {
    this.graphName = graphName;
    this.opsets = opsets;
    this.outer = outer;
    this.names = names;
  }

  /**
   * Starts a branch or body of this graph. It may use this graph's values and those of the graphs
   * around it; no name is used twice among them.
   *
   * @param name its name
   * @return a builder whose {@link #graph} becomes an attribute of a node of this graph
   */
  public GraphBuilder subgraph(String name) {
    return new GraphBuilder(name, opsets, this, names);
  }

  /**
   * Declares an input.
   *
   * @param name its name
   * @param type its element type
   * @param shape its shape
   * @return the input
   */
  public Value input(String name, ElementType type, Shape shape) {
    inputs.add(ValueInfo.of(names.claim(name), type, shape));
    return new Value(this, name);
  }

  /**
   * Declares an input that a caller may leave out.
   *
   * @param name its name
   * @param type its element type
   * @param shape its shape
   * @param otherwise its value where it is left out
   * @return the input
   */
  public Value input(String name, ElementType type, Shape shape, Tensor otherwise) {
    initializers.put(name, otherwise);
    return input(name, type, shape);
  }

  /**
   * Adds a constant.
   *
   * @param name its name
   * @param tensor its value
   * @return the constant
   */
  public Value constant(String name, Tensor tensor) {
    initializers.put(names.claim(name), tensor);
    return new Value(this, name);
  }

  /** Adds a constant under a name that is made up. */
  @Override
  public Value constant(Tensor tensor) {
    String name = names.fresh("constant");
    initializers.put(name, tensor);
    return new Value(this, name);
  }

  /**
   * Adds a graph's nodes. Constants of the graph that are not bound are added too.
   *
   * @param graph the graph
   * @param prefix put before the names of its values and nodes; used for one graph only
   * @param bound what to use for its inputs, and for those of its constants that are here already,
   *     by their names in the graph
   * @return the graph's outputs by their names in the graph
   * @throws IllegalArgumentException if an input is not bound
   */
  public Map<String, Value> inline(Graph graph, String prefix, Map<String, Value> bound) {
    Map<String, Value> known = new LinkedHashMap<>(bound);
    graph
        .initializers()
        .forEach(
            (name, values) -> known.computeIfAbsent(name, it -> constant(prefix + it, values)));
    for (ValueInfo input : graph.inputs()) {
      if (!known.containsKey(input.name())) {
        throw new IllegalArgumentException(
            "Graph " + graph.name() + ": expected a value for input " + input.name());
      }
    }
    Map<String, String> renamed = new LinkedHashMap<>();
    known.forEach((name, value) -> renamed.put(name, nameOf(value)));
    Renaming renaming =
        new Renaming(
            name -> name.isEmpty() ? name : prefix + name,
            name -> renamed.getOrDefault(name, prefix + name));
    for (Node node : graph.nodes()) {
      for (String output : node.outputs()) {
        if (!output.isEmpty()) {
          known.put(output, new Value(this, names.claim(prefix + output)));
        }
      }
      nodes.add(renaming.node(node));
    }
    Map<String, Value> results = new LinkedHashMap<>();
    graph.outputs().forEach(output -> results.put(output.name(), known.get(output.name())));
    return results;
  }

  /**
   * Adds a float32 constant.
   *
   * @param name its name
   * @param values row-major, copied
   * @param sizes its sizes
   * @return the constant
   */
  public Value constant(String name, float[] values, long... sizes) {
    return constant(name, Tensor.of(values, sizes));
  }

  /**
   * Adds an int64 constant.
   *
   * @param name its name
   * @param values row-major, copied
   * @param sizes its sizes
   * @return the constant
   */
  public Value constant(String name, long[] values, long... sizes) {
    return constant(name, Tensor.of(values, sizes));
  }

  /**
   * Stands for an optional input that is left out.
   *
   * @return an operand for {@link #node} and {@link #nodes} only
   */
  public Value omitted() {
    return new Value(this, "");
  }

  @Override
  public int opset() {
    return Math.toIntExact(Checks.entry(opsets, ""));
  }

  @Override
  public List<Value> nodes(
      String operator, List<Value> operands, int count, Attribute... attributes) {
    OperatorSchema.of(operator, opset()).check(operands.size(), count, List.of(attributes));
    List<Value> results = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      results.add(new Value(this, names.fresh(operator)));
    }
    nodes.add(
        new Node(
            results.get(0).name(),
            operator,
            "",
            operands.stream().map(this::nameOf).toList(),
            results.stream().map(Value::name).toList(),
            List.of(attributes)));
    return results;
  }

  /**
   * Declares an output.
   *
   * @param name its name
   * @param value what it gives; copied under the new name
   * @param type its element type
   * @param shape its shape
   */
  public void output(String name, Value value, ElementType type, Shape shape) {
    outputs.add(ValueInfo.of(names.claim(name), type, shape));
    nodes.add(new Node(name, "Identity", "", List.of(nameOf(value)), List.of(name), List.of()));
  }

  private String nameOf(Value value) {
    for (GraphBuilder scope = this; scope != null; scope = scope.outer) {
      if (value.owner() == scope) {
        return value.name();
      }
    }
    throw new IllegalArgumentException(
        "Value " + value + ": expected one of graph " + graphName + ", found another graph's");
  }

  /**
   * Finishes the graph.
   *
   * @return the graph alone, for an attribute of a node
   */
  public Graph graph() {
    return new Graph(graphName, inputs, outputs, nodes, initializers, List.of());
  }

  /**
   * Finishes the graph.
   *
   * @return a model that holds it
   */
  public OnnxModel build() {
    return new OnnxModel(IR_VERSION, opsets, "cpsample", Map.of(), graph());
  }

  /** The names that a graph and its subgraphs have taken. */
  private static final class NameSource {

    private final Set<String> taken = new HashSet<>();
    private int counter;

    /** Takes a name. */
    String claim(String name) {
      if (name.isEmpty() || !taken.add(name)) {
        throw new IllegalArgumentException(
            "Graph: expected a name that is not taken, found '" + name + "'");
      }
      return name;
    }

    /** Makes a name up. */
    String fresh(String stem) {
      String name;
      do {
        name = stem + "." + counter++;
      } while (!taken.add(name));
      return name;
    }
  }
}
