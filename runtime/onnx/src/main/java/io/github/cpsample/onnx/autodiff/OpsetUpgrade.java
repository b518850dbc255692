package io.github.cpsample.onnx.autodiff;

import io.github.cpsample.onnx.Attribute;
import io.github.cpsample.onnx.ElementType;
import io.github.cpsample.onnx.Graph;
import io.github.cpsample.onnx.Node;
import io.github.cpsample.onnx.OnnxModel;
import io.github.cpsample.onnx.ShapeInference;
import io.github.cpsample.onnx.Tensor;
import io.github.cpsample.onnx.TensorTypes;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Writes a model in a newer opset, up to 17, so that it computes the same: attributes that became
 * inputs are constants, operators whose meaning or name changed are written in the new way. What
 * did not change stays.
 */
final class OpsetUpgrade {

  /**
   * What the oldest opsets wrote differently, with the opset that changed it. ONNX Runtime runs
   * none of these; all that it does run there means the same in opset 7.
   */
  private static final Map<Integer, Set<String>> CHANGED =
      Map.of(
          2, Set.of("GlobalLpPool", "LpPool", "Pad", "Split"),
          4, Set.of("Concat"),
          5, Set.of("Reshape"),
          6, Set.of("Cast", "Tile"),
          7,
              Set.of(
                  "Add",
                  "And",
                  "BatchNormalization",
                  "Div",
                  "Dropout",
                  "Equal",
                  "GRU",
                  "Gemm",
                  "Greater",
                  "LSTM",
                  "Less",
                  "Mul",
                  "Or",
                  "PRelu",
                  "Pow",
                  "RNN",
                  "Sub",
                  "Upsample",
                  "Xor"));

  /** The newest opset that models are written in here. */
  static final int NEWEST = 17;

  private final OnnxModel model;
  private final int from;
  private final int to;
  private final TensorTypes known;
  private final Set<String> names = new HashSet<>();
  private final Map<String, Tensor> constants = new LinkedHashMap<>();
  private List<Node> written = new ArrayList<>();

  private OpsetUpgrade(OnnxModel model, int to) {
    this.model = model;
    this.from = model.opset();
    this.to = to;
    this.known = ShapeInference.infer(model);
    claim(model.graph());
  }

  private void claim(Graph graph) {
    graph.inputs().forEach(input -> names.add(input.name()));
    names.addAll(graph.initializers().keySet());
    for (Node node : graph.nodes()) {
      names.addAll(node.outputs());
      node.subgraphs().forEach(this::claim);
    }
  }

  /**
   * Writes a model anew.
   *
   * @param model of an older opset
   * @param to the opset wanted, {@link #NEWEST} at most
   * @return the same model in that opset
   * @throws IllegalStateException if an operator has no counterpart there
   */
  static OnnxModel of(OnnxModel model, int to) {
    return new OpsetUpgrade(model, to).model();
  }

  private OnnxModel model() {
    Graph graph = graph(model.graph());
    Map<String, Tensor> all = new LinkedHashMap<>(graph.initializers());
    all.putAll(constants);
    Map<String, Long> opsets = new LinkedHashMap<>(model.opsets());
    opsets.put("", (long) to);
    return new OnnxModel(
        model.irVersion(),
        opsets,
        model.origin(),
        model.notes(),
        new Graph(
            graph.name(),
            graph.inputs(),
            graph.outputs(),
            graph.nodes(),
            all,
            graph.valueInfo(),
            graph.notes()));
  }

  private Graph graph(Graph graph) {
    List<Node> outer = written;
    written = new ArrayList<>();
    graph.nodes().forEach(this::write);
    Graph result =
        new Graph(
            graph.name(),
            graph.inputs(),
            graph.outputs(),
            written,
            graph.initializers(),
            graph.valueInfo(),
            graph.notes());
    written = outer;
    return result;
  }

  private boolean crosses(int version) {
    return from < version && version <= to;
  }

  private void write(Node node) {
    if (!node.domain().isEmpty()) {
      written.add(node);
      return;
    }
    CHANGED.forEach(
        (version, operators) ->
            require(node, !crosses(version) || !operators.contains(node.operator())));
    switch (node.operator()) {
      case "Upsample" -> upsample(node);
      case "Resize" -> resize(node);
      case "Scatter" ->
          written.add(crosses(11) ? named("ScatterElements", node, node.inputs()) : node);
      case "Slice" -> lists(node, 10, "starts", "ends", "axes");
      case "Pad" -> pad(node);
      case "Clip" -> clip(node);
      case "TopK" -> largest(node);
      case "Dropout" -> dropout(node);
      case "Squeeze", "Unsqueeze", "ReduceSum" -> lists(node, 13, "axes");
      case "Split" -> lists(node, 13, "split");
      case "Softmax", "LogSoftmax", "Hardmax" -> softmax(node);
      case "BatchNormalization" -> batchNormalization(node);
      case "Scan" -> {
        require(node, !crosses(9));
        written.add(nested(node));
      }
      case "RoiAlign" ->
          written.add(
              crosses(16)
                  ? with(
                      node, Attribute.string("coordinate_transformation_mode", "output_half_pixel"))
                  : node);
      default -> written.add(nested(node));
    }
  }

  private static void require(Node node, boolean condition) {
    if (!condition) {
      throw new IllegalStateException("node " + node + " has no counterpart in newer opsets");
    }
  }

  private Node nested(Node node) {
    if (node.subgraphs().isEmpty()) {
      return node;
    }
    List<Attribute> attributes = new ArrayList<>();
    for (Attribute attribute : node.attributes()) {
      attributes.add(
          attribute.value() instanceof Graph body
              ? Attribute.graph(attribute.name(), graph(body))
              : attribute);
    }
    return new Node(
        node.name(), node.operator(), "", node.inputs(), node.outputs(), attributes, node.notes());
  }

  private static Node with(Node node, Attribute attribute) {
    List<Attribute> attributes = new ArrayList<>(node.attributes());
    attributes.add(attribute);
    return new Node(
        node.name(), node.operator(), "", node.inputs(), node.outputs(), attributes, node.notes());
  }

  /** A node under another operator's name, with some attributes less. */
  private static Node named(String operator, Node node, List<String> inputs, String... without) {
    Set<String> dropped = Set.of(without);
    return new Node(
        node.name(),
        operator,
        "",
        inputs,
        node.outputs(),
        node.attributes().stream().filter(a -> !dropped.contains(a.name())).toList(),
        node.notes());
  }

  private String fresh() {
    String name;
    do {
      name = "opset." + names.size();
    } while (!names.add(name));
    return name;
  }

  private String constant(Tensor tensor) {
    String name = fresh();
    constants.put(name, tensor);
    return name;
  }

  private String integers(long... values) {
    return constant(Tensor.of(values, values.length));
  }

  /** Lists of integers that became inputs behind the first, in this order. */
  private void lists(Node node, int version, String... lists) {
    if (!crosses(version)) {
      written.add(node);
      return;
    }
    List<String> inputs = new ArrayList<>(node.inputs());
    int last = 0;
    for (int i = 0; i < lists.length; i++) {
      boolean given = node.ints(lists[i]).isPresent();
      inputs.add(node.ints(lists[i]).map(this::integers).orElse(""));
      last = given ? inputs.size() : last;
    }
    List<String> kept = inputs.subList(0, Math.max(last, node.inputs().size()));
    written.add(named(node.operator(), node, kept, lists));
  }

  private void pad(Node node) {
    if (!crosses(11)) {
      written.add(node);
      return;
    }
    List<String> inputs = new ArrayList<>(List.of(node.inputs().get(0)));
    inputs.add(integers(node.ints("pads").orElseThrow()));
    if (node.decimal("value", 0) != 0) {
      inputs.add(number(node, node.decimal("value", 0)));
    }
    written.add(named("Pad", node, inputs, "pads", "value"));
  }

  private void clip(Node node) {
    if (!crosses(11)) {
      written.add(node);
      return;
    }
    List<String> inputs = new ArrayList<>(List.of(node.inputs().get(0)));
    inputs.add(bound(node, "min"));
    inputs.add(bound(node, "max"));
    written.add(named("Clip", node, inputs, "min", "max"));
  }

  private String bound(Node node, String attribute) {
    return node.attribute(attribute).isPresent() ? number(node, node.decimal(attribute, 0)) : "";
  }

  /** A scalar of the element type of a node's first input. */
  private String number(Node node, float value) {
    ElementType type = known.type(node.inputs().get(0)).orElse(ElementType.FLOAT);
    return switch (type) {
      case FLOAT -> constant(Tensor.of(new float[] {value}));
      case DOUBLE -> constant(Tensor.of(new double[] {value}));
      default -> {
        String cast = fresh();
        written.add(
            new Node(
                cast,
                "Cast",
                "",
                List.of(constant(Tensor.of(new float[] {value}))),
                List.of(cast),
                List.of(Attribute.integer("to", type.code()))));
        yield cast;
      }
    };
  }

  private void largest(Node node) {
    if (!crosses(10)) {
      written.add(node);
      return;
    }
    List<String> inputs = List.of(node.inputs().get(0), integers(node.integer("k", 1)));
    written.add(named("TopK", node, inputs, "k"));
  }

  /** Its mask became one of booleans. */
  private void dropout(Node node) {
    boolean mask = node.outputs().size() > 1 && !node.outputs().get(1).isEmpty();
    require(node, !mask || from >= 10);
    written.add(crosses(12) ? named("Dropout", node, node.inputs(), "ratio", "seed") : node);
  }

  /** Its further outputs are others since 14; it is always per channel since 9. */
  private void batchNormalization(Node node) {
    boolean further = node.outputs().stream().skip(1).anyMatch(output -> !output.isEmpty());
    require(node, !crosses(14) || !further);
    require(node, !crosses(9) || node.integer("spatial", 1) == 1);
    List<String> outputs = crosses(14) ? List.of(node.outputs().get(0)) : node.outputs();
    written.add(
        named(node.operator(), node.between(node.inputs(), outputs), node.inputs(), "spatial"));
  }

  /** Took all axes from one on together, and takes that one alone now. */
  private void softmax(Node node) {
    long axis = node.integer("axis", 1);
    String x = node.inputs().get(0);
    int rank = known.shape(x).map(shape -> shape.rank()).orElse(-1);
    if (!crosses(13) || axis == -1 || axis == rank - 1) {
      Node same = named(node.operator(), node, node.inputs(), "axis");
      written.add(crosses(13) ? with(same, Attribute.integer("axis", axis)) : node);
      return;
    }
    String shape = node(node, "Shape", List.of(x));
    String rows = node(node, "Flatten", List.of(x), Attribute.integer("axis", axis));
    String result = node(node, node.operator(), List.of(rows), Attribute.integer("axis", -1));
    written.add(
        new Node(node.name(), "Reshape", "", List.of(result, shape), node.outputs(), List.of()));
  }

  private String node(Node like, String operator, List<String> inputs, Attribute... attributes) {
    String output = fresh();
    written.add(
        new Node(
            like.name() + "/" + output,
            operator,
            "",
            inputs,
            List.of(output),
            List.of(attributes)));
    return output;
  }

  /** Repeats, or interpolates from corner to corner; became {@code Resize} with 10. */
  private void upsample(Node node) {
    boolean listed = node.attribute("scales").isPresent();
    String scales = listed ? null : node.inputs().get(1);
    if (listed && crosses(9)) {
      List<?> values = (List<?>) node.attribute("scales").orElseThrow().value();
      float[] numbers = new float[values.size()];
      for (int i = 0; i < numbers.length; i++) {
        numbers[i] = (Float) values.get(i);
      }
      scales = constant(Tensor.of(numbers, numbers.length));
    }
    if (scales == null || to < 10) {
      written.add(
          scales == null
              ? node
              : named("Upsample", node, List.of(node.inputs().get(0), scales), "scales"));
      return;
    }
    Node plain = named("Resize", node, List.of(node.inputs().get(0), scales), "scales");
    written.add(to < 11 ? plain : asymmetric(plain));
  }

  private void resize(Node node) {
    written.add(crosses(11) ? asymmetric(node) : node);
  }

  private Node asymmetric(Node node) {
    String nothing = constant(Tensor.of(new float[0], 0));
    List<String> inputs = List.of(node.inputs().get(0), nothing, node.inputs().get(1));
    Node three = named("Resize", node, inputs);
    return with(
        with(three, Attribute.string("coordinate_transformation_mode", "asymmetric")),
        Attribute.string("nearest_mode", "floor"));
  }
}
