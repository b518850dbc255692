package io.github.cpsample.onnx.autodiff;

import io.github.cpsample.onnx.Attribute;
import io.github.cpsample.onnx.ElementType;
import io.github.cpsample.onnx.Graph;
import io.github.cpsample.onnx.GraphBuilder;
import io.github.cpsample.onnx.Node;
import io.github.cpsample.onnx.OnnxModel;
import io.github.cpsample.onnx.OrtGraph;
import io.github.cpsample.onnx.Shape;
import io.github.cpsample.onnx.Tensor;
import io.github.cpsample.onnx.Value;
import io.github.cpsample.onnx.ValueInfo;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.LongStream;

/**
 * A float32 model in float64, for inputs of given sizes: constants, casts, inputs and outputs
 * become float64, and operators of which ONNX Runtime has no float64 kernel become graphs of those
 * that it has. Constants keep the values that float32 rounded them to, so both models compute the
 * same function.
 */
final class DoublePrecision {

  /** Operators without a float64 kernel that are rewritten with the sizes of their values. */
  private static final Set<String> SIZED =
      Set.of("Conv", "ConvTranspose", "AveragePool", "GlobalAveragePool", "Resize", "Upsample");

  private final OnnxModel model;
  private final DoubleGraph g;

  private DoublePrecision(OnnxModel model, Map<String, long[]> shapes) {
    this.model = model;
    this.g = new DoubleGraph(model.opset(), shapes);
  }

  /**
   * Converts a model.
   *
   * @param model a float32 model
   * @param point inputs of the sizes that the converted model is for
   */
  static OnnxModel of(OnnxModel model, Map<String, Tensor> point) {
    return new DoublePrecision(model, RecordedShapes.of(model, SIZED, point)).converted();
  }

  private OnnxModel converted() {
    Graph graph = model.graph();
    graph.nodes().forEach(this::convert);
    Map<String, Tensor> constants = new LinkedHashMap<>(g.constants());
    graph.initializers().forEach((name, tensor) -> constants.put(name, converted(tensor)));
    return model.withGraph(
        DeadNodes.remove(
            new Graph(
                graph.name(),
                graph.inputs().stream().map(DoublePrecision::converted).toList(),
                graph.outputs().stream()
                    .map(v -> new ValueInfo(v.name(), converted(v.type()), Optional.empty()))
                    .toList(),
                g.nodes(),
                constants,
                List.of())));
  }

  private static ElementType converted(ElementType type) {
    return type == ElementType.FLOAT ? ElementType.DOUBLE : type;
  }

  private static ValueInfo converted(ValueInfo value) {
    return new ValueInfo(value.name(), converted(value.type()), value.shape());
  }

  private static Tensor converted(Tensor tensor) {
    return tensor.type() == ElementType.FLOAT
        ? Tensor.of(tensor.doubles(), tensor.sizes())
        : tensor;
  }

  private void convert(Node node) {
    switch (node.operator()) {
      case "Conv", "ConvTranspose" -> DoubleWindows.convolution(g, node);
      case "AveragePool" -> DoubleWindows.averagePool(g, node);
      case "GlobalAveragePool" -> globalAverage(node);
      case "Resize", "Upsample" -> resize(node);
      case "HardSigmoid" -> hardSigmoid(node);
      case "Clip" -> clip(node);
      default -> g.add(plain(node));
    }
  }

  private static Node plain(Node node) {
    List<Attribute> attributes = new ArrayList<>();
    for (Attribute attribute : node.attributes()) {
      if (attribute.value() instanceof Tensor tensor) {
        attributes.add(Attribute.tensor(attribute.name(), converted(tensor)));
      } else if (node.operator().equals("Cast") && attribute.name().equals("to")) {
        ElementType type = ElementType.of((int) node.integer("to", 0));
        attributes.add(Attribute.integer("to", converted(type).code()));
      } else {
        attributes.add(attribute);
      }
    }
    return new Node(
        node.name(), node.operator(), node.domain(), node.inputs(), node.outputs(), attributes);
  }

  private void globalAverage(Node node) {
    int rank = g.sizes(node.inputs().get(0)).length;
    long[] space = LongStream.range(2, rank).toArray();
    g.replace(node, g.reduce("ReduceMean", node.inputs().get(0), space));
  }

  private void hardSigmoid(Node node) {
    String slope = g.scalar(node.attribute("alpha").isPresent() ? node.decimal("alpha", 0) : 0.2f);
    String offset = g.scalar(node.decimal("beta", 0.5f));
    String line = g.node("Add", g.node("Mul", node.inputs().get(0), slope), offset);
    g.replace(node, g.node("Max", g.node("Min", line, g.scalar(1)), g.scalar(0)));
  }

  private void clip(Node node) {
    String result = node.inputs().get(0);
    if (node.hasInput(1) || node.attribute("min").isPresent()) {
      String low = node.hasInput(1) ? node.inputs().get(1) : g.scalar(node.decimal("min", 0));
      result = g.node("Max", result, low);
    }
    if (node.hasInput(2) || node.attribute("max").isPresent()) {
      String high = node.hasInput(2) ? node.inputs().get(2) : g.scalar(node.decimal("max", 0));
      result = g.node("Min", result, high);
    }
    g.replace(node, result);
  }

  /** A product with the matrix that the operator itself makes of single pixels. */
  private void resize(Node node) {
    long[] image = g.sizes(node.inputs().get(0));
    long[] output = g.sizes(node.outputs().get(0));
    int pixels = WindowTable.product(image) / WindowTable.product(image[0], image[1]);
    int results = WindowTable.product(output) / WindowTable.product(output[0], output[1]);
    String flat = g.reshape(node.inputs().get(0), image[0], image[1], pixels);
    String matrix = g.constant(Tensor.of(matrix(node, image, output, pixels), pixels, results));
    g.replace(node, g.reshape(g.node("MatMul", flat, matrix), output));
  }

  private double[] matrix(Node node, long[] image, long[] output, int pixels) {
    float[] single = new float[pixels * pixels];
    for (int i = 0; i < pixels; i++) {
      single[i * pixels + i] = 1;
    }
    float[] scales = new float[image.length];
    for (int i = 0; i < scales.length; i++) {
      scales[i] = (float) ((double) output[i] / image[i]);
    }
    long[] sizes = image.clone();
    sizes[0] = pixels;
    sizes[1] = 1;
    GraphBuilder probe = new GraphBuilder("probe", g.opset());
    Value x = probe.input("x", ElementType.FLOAT, Shape.fixed(sizes));
    List<Value> inputs = new ArrayList<>(List.of(x));
    List<Attribute> attributes = new ArrayList<>(node.attributes());
    if (attributes.removeIf(a -> a.name().equals("scales"))) {
      attributes.add(Attribute.floats("scales", scales));
    } else {
      if (node.operator().equals("Resize") && g.opset() >= 11) {
        inputs.add(probe.constant("roi", new float[0], 0));
      }
      inputs.add(probe.constant("scales", scales, scales.length));
    }
    Value y = probe.node(node.operator(), inputs, attributes.toArray(Attribute[]::new));
    long[] resized = output.clone();
    resized[0] = pixels;
    resized[1] = 1;
    probe.output("y", y, ElementType.FLOAT, Shape.fixed(resized));
    try (OrtGraph graph = new OrtGraph(probe.build())) {
      return graph.run(Map.of("x", Tensor.of(single, sizes))).get("y");
    }
  }
}
