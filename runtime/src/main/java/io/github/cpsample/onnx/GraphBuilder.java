package io.github.cpsample.onnx;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Builds an ONNX graph node by node. Names of intermediate values are made up and unique; inputs,
 * outputs and constants keep theirs. Not thread-safe.
 */
public final class GraphBuilder {

  private static final long IR_VERSION = 8;

  private final String graphName;
  private final Map<String, Long> opsets;
  private final List<ValueInfo> inputs = new ArrayList<>();
  private final List<ValueInfo> outputs = new ArrayList<>();
  private final List<Node> nodes = new ArrayList<>();
  private final Map<String, Tensor> initializers = new LinkedHashMap<>();
  private final Set<String> names = new HashSet<>();
  private int counter;

  /**
   * Starts an empty graph.
   *
   * @param graphName its name
   * @param opset version of ONNX's operator set
   */
  public GraphBuilder(String graphName, int opset) {
    this.graphName = graphName;
    this.opsets = Map.of("", (long) opset);
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
    inputs.add(ValueInfo.of(claim(name), type, shape));
    return new Value(this, name);
  }

  /**
   * Adds a constant.
   *
   * @param name its name
   * @param tensor its value
   * @return the constant
   */
  public Value constant(String name, Tensor tensor) {
    initializers.put(claim(name), tensor);
    return new Value(this, name);
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

  /**
   * Adds an operation with one output.
   *
   * @param operator what it does
   * @param operands its inputs
   * @param attributes its attributes
   * @return its output
   */
  public Value node(String operator, List<Value> operands, Attribute... attributes) {
    return nodes(operator, operands, 1, attributes).get(0);
  }

  /**
   * Adds an operation with several outputs.
   *
   * @param operator what it does
   * @param operands its inputs
   * @param count how many outputs
   * @param attributes its attributes
   * @return its outputs
   */
  public List<Value> nodes(
      String operator, List<Value> operands, int count, Attribute... attributes) {
    List<Value> results = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      results.add(new Value(this, fresh(operator)));
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
    outputs.add(ValueInfo.of(claim(name), type, shape));
    nodes.add(new Node(name, "Identity", "", List.of(nameOf(value)), List.of(name), List.of()));
  }

  private String nameOf(Value value) {
    if (value.owner() != this) {
      throw new IllegalArgumentException(
          "Value " + value + ": expected one of graph " + graphName + ", found another graph's");
    }
    return value.name();
  }

  private String claim(String name) {
    if (name.isEmpty() || !names.add(name)) {
      throw new IllegalArgumentException(
          "Graph " + graphName + ": expected a name that is not taken, found '" + name + "'");
    }
    return name;
  }

  private String fresh(String operator) {
    String name;
    do {
      name = operator + "." + counter++;
    } while (!names.add(name));
    return name;
  }

  /**
   * Finishes the graph.
   *
   * @return a model that holds it
   */
  public OnnxModel build() {
    Graph graph = new Graph(graphName, inputs, outputs, nodes, initializers, List.of());
    return new OnnxModel(IR_VERSION, opsets, "cpsample", Map.of(), graph);
  }
}
