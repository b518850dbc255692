package io.github.cpsample.onnx;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A graph of operations in an order in which they can run.
 *
 * @param name its name
 * @param inputs what it is given
 * @param outputs what it gives
 * @param nodes its operations
 * @param initializers its constants by name
 * @param valueInfo what is declared of intermediate values
 * @param notes what is written at it
 */
public record Graph(
    String name,
    List<ValueInfo> inputs,
    List<ValueInfo> outputs,
    List<Node> nodes,
    Map<String, Tensor> initializers,
    List<ValueInfo> valueInfo,
    Notes notes) {

  public Graph {
    inputs = List.copyOf(inputs);
    outputs = List.copyOf(outputs);
    nodes = List.copyOf(nodes);
    initializers = Collections.unmodifiableMap(new LinkedHashMap<>(initializers));
    valueInfo = List.copyOf(valueInfo);
  }

  /**
   * A graph without notes.
   *
   * @param name its name
   * @param inputs what it is given
   * @param outputs what it gives
   * @param nodes its operations
   * @param initializers its constants
   * @param valueInfo what is declared
   */
  public Graph(
      String name,
      List<ValueInfo> inputs,
      List<ValueInfo> outputs,
      List<Node> nodes,
      Map<String, Tensor> initializers,
      List<ValueInfo> valueInfo) {
    this(name, inputs, outputs, nodes, initializers, valueInfo, Notes.NONE);
  }

  /**
   * The inputs that a caller must give: those without a constant of the same name.
   *
   * @return the inputs
   */
  public List<ValueInfo> requiredInputs() {
    return inputs.stream().filter(i -> !initializers.containsKey(i.name())).toList();
  }
}
