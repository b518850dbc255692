package io.github.cpsample.onnx.autodiff;

import io.github.cpsample.onnx.Attribute;
import io.github.cpsample.onnx.Node;
import io.github.cpsample.onnx.Tensor;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The float64 graph that is being made from a float32 one. */
final class DoubleGraph {

  private final int opset;
  private final Map<String, long[]> shapes;
  private final List<Node> nodes = new ArrayList<>();
  private final Map<String, Tensor> constants = new HashMap<>();
  private int counter;

  DoubleGraph(int opset, Map<String, long[]> shapes) {
    this.opset = opset;
    this.shapes = shapes;
  }

  int opset() {
    return opset;
  }

  List<Node> nodes() {
    return nodes;
  }

  Map<String, Tensor> constants() {
    return constants;
  }

  /** The sizes that a value of the float32 graph has. */
  long[] sizes(String value) {
    return shapes.get(value).clone();
  }

  void add(Node node) {
    nodes.add(node);
  }

  /** Gives a value the name of an output that it replaces. */
  void replace(Node node, String value) {
    nodes.add(
        new Node("", "Identity", "", List.of(value), List.of(node.outputs().get(0)), List.of()));
  }

  String node(String operator, List<String> inputs, Attribute... attributes) {
    String name = fresh(operator);
    nodes.add(new Node("", operator, "", inputs, List.of(name), List.of(attributes)));
    return name;
  }

  String node(String operator, String... inputs) {
    return node(operator, List.of(inputs));
  }

  String constant(Tensor tensor) {
    String name = fresh("constant");
    constants.put(name, tensor);
    return name;
  }

  String scalar(double value) {
    return constant(Tensor.of(new double[] {value}));
  }

  String reshape(String value, long... sizes) {
    return node("Reshape", value, constant(Tensor.of(sizes, sizes.length)));
  }

  /** A sum or a mean over axes, which are kept with size 1. */
  String reduce(String operator, String value, long... axes) {
    boolean asInput = opset >= (operator.equals("ReduceSum") ? 13 : 18);
    return asInput
        ? node(operator, value, constant(Tensor.of(axes, axes.length)))
        : node(operator, List.of(value), Attribute.ints("axes", axes));
  }

  private String fresh(String hint) {
    return "double." + hint + "." + counter++;
  }
}
