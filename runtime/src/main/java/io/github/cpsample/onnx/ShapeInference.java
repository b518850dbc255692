package io.github.cpsample.onnx;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Infers element types and shapes of a graph's tensors as far as they follow from its inputs,
 * constants and declarations. Symbols are carried along; what cannot be told stays unknown.
 */
public final class ShapeInference {

  /** How the shape of a node's first output follows from its inputs; null for unknown. */
  @FunctionalInterface
  interface Rule {
    Shape shape(Node node, TensorTypes known);
  }

  private static final Map<String, Rule> RULES = rules();

  private ShapeInference() {}

  /**
   * Infers what is known of a graph's tensors.
   *
   * @param model the model
   * @return types, shapes and constants by tensor
   */
  public static TensorTypes infer(OnnxModel model) {
    TensorTypes known = new TensorTypes();
    Graph graph = model.graph();
    graph.inputs().forEach(known::declare);
    graph.initializers().forEach(known::constant);
    graph.valueInfo().forEach(known::declare);
    graph.outputs().forEach(known::declare);
    for (Node node : graph.nodes()) {
      infer(node, known);
    }
    return known;
  }

  private static void infer(Node node, TensorTypes known) {
    if (node.operator().equals("Constant")) {
      node.attribute("value")
          .ifPresent(a -> known.constant(node.outputs().get(0), (Tensor) a.value()));
      return;
    }
    ElementType type = outputType(node, known);
    Rule rule = node.domain().isEmpty() ? RULES.get(node.operator()) : null;
    Shape shape = rule == null ? null : rule.shape(node, known);
    for (int i = 0; i < node.outputs().size(); i++) {
      String output = node.outputs().get(i);
      if (!output.isEmpty() && known.type(output).isEmpty()) {
        known.put(output, type, null);
      }
      boolean fits = i == 0 || node.operator().equals("Split");
      if (!output.isEmpty() && fits && known.shape(output).isEmpty()) {
        known.put(output, null, shape);
      }
    }
  }

  private static ElementType outputType(Node node, TensorTypes known) {
    return switch (node.operator()) {
      case "Shape", "Size", "NonZero", "ArgMax", "ArgMin" -> ElementType.INT64;
      case "Equal", "Greater", "Less", "GreaterOrEqual", "LessOrEqual", "Not", "And", "Or" ->
          ElementType.BOOL;
      case "Cast" -> ElementType.of((int) node.integer("to", 0));
      case "Where" -> known.type(node.inputs().get(1)).orElse(null);
      default -> node.inputs().isEmpty() ? null : known.type(node.inputs().get(0)).orElse(null);
    };
  }

  private static Map<String, Rule> rules() {
    Map<String, Rule> rules = new HashMap<>();
    for (String same :
        List.of(
            "Identity",
            "Relu",
            "LeakyRelu",
            "Elu",
            "Selu",
            "Celu",
            "Sigmoid",
            "HardSigmoid",
            "HardSwish",
            "Tanh",
            "Softplus",
            "Softsign",
            "Gelu",
            "Mish",
            "Erf",
            "Exp",
            "Log",
            "Sqrt",
            "Reciprocal",
            "Abs",
            "Neg",
            "Sin",
            "Cos",
            "Sign",
            "Floor",
            "Ceil",
            "Round",
            "Clip",
            "Softmax",
            "LogSoftmax",
            "Dropout",
            "Cast",
            "Not",
            "InstanceNormalization",
            "BatchNormalization",
            "LayerNormalization",
            "GroupNormalization",
            "LRN")) {
      rules.put(same, (node, known) -> known.shape(node.inputs().get(0)).orElse(null));
    }
    for (String broadcast :
        List.of(
            "Add",
            "Sub",
            "Mul",
            "Div",
            "Pow",
            "Min",
            "Max",
            "Sum",
            "Mean",
            "Where",
            "Equal",
            "Greater",
            "Less",
            "GreaterOrEqual",
            "LessOrEqual",
            "And",
            "Or",
            "PRelu")) {
      rules.put(broadcast, ShapeInference::broadcast);
    }
    ShapeRules.addTo(rules);
    WindowShapes.addTo(rules);
    return Map.copyOf(rules);
  }

  private static Shape broadcast(Node node, TensorTypes known) {
    Shape result = Shape.of();
    for (String input : node.inputs()) {
      Optional<Shape> shape = known.shape(input);
      if (shape.isEmpty()) {
        return null;
      }
      result = broadcast(result, shape.get());
    }
    return result;
  }

  /**
   * The shape that two tensors broadcast to.
   *
   * @param a one shape
   * @param b the other
   * @return their common shape; axes that cannot be told are unknown
   */
  static Shape broadcast(Shape a, Shape b) {
    int rank = Math.max(a.rank(), b.rank());
    List<Dim> dims = new ArrayList<>();
    for (int i = rank; i > 0; i--) {
      Dim x = i > a.rank() ? Dim.of(1) : a.dim(-i);
      Dim y = i > b.rank() ? Dim.of(1) : b.dim(-i);
      dims.add(broadcast(x, y));
    }
    return new Shape(dims);
  }

  private static Dim broadcast(Dim x, Dim y) {
    if (x.equals(y) || y.size() == 1) {
      return x;
    }
    if (x.size() == 1 || y.isFixed()) {
      return y;
    }
    return x.isFixed() ? x : Dim.unknown();
  }
}
