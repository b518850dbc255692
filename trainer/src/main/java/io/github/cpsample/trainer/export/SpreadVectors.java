package io.github.cpsample.trainer.export;

import io.github.cpsample.base.Checks;
import io.github.cpsample.onnx.Attribute;
import io.github.cpsample.onnx.ElementType;
import io.github.cpsample.onnx.Graph;
import io.github.cpsample.onnx.Node;
import io.github.cpsample.onnx.OnnxModel;
import io.github.cpsample.onnx.Shape;
import io.github.cpsample.onnx.ShapeInference;
import io.github.cpsample.onnx.Tensor;
import io.github.cpsample.onnx.TensorTypes;
import io.github.cpsample.onnx.ValueInfo;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Writes sums of an image and a projected vector per sample, {@code image + reshape(W v + b)}, so
 * that both terms have the same shape: the projection becomes a 1x1 convolution of one pixel, and
 * the pixel is repeated.
 *
 * <p>ONNX Runtime keeps images in a blocked layout between convolutions as long as operands have
 * equal shapes; a sum with broadcasting makes it lay out the image anew before and after. The shape
 * of what is repeated is declared, since ONNX's inference does not carry the name of the batch size
 * through Resize.
 */
final class SpreadVectors {

  private final Graph graph;
  private final TensorTypes types;
  private final Map<String, Node> producers = new HashMap<>();
  private final Map<String, Integer> uses = new HashMap<>();
  private final Map<String, List<Node>> replaced = new HashMap<>();
  private final Map<String, Tensor> constants;
  private final List<ValueInfo> declared;

  private SpreadVectors(OnnxModel model) {
    this.graph = model.graph();
    this.types = ShapeInference.infer(model);
    this.constants = new LinkedHashMap<>(graph.initializers());
    this.declared = new ArrayList<>(graph.valueInfo());
    for (Node node : graph.nodes()) {
      node.outputs().forEach(output -> producers.put(output, node));
      node.reads().forEach(read -> uses.merge(read, 1, Integer::sum));
    }
  }

  /** A projection and the reshaping of its result to one pixel per channel. */
  private record Projection(Node product, Node pixel) {}

  /**
   * Rewrites all such sums of a model.
   *
   * @param model the model
   * @return a model of the same inputs and outputs
   */
  static OnnxModel rewrite(OnnxModel model) {
    SpreadVectors spread = new SpreadVectors(model);
    for (Node node : model.graph().nodes()) {
      if (node.operator().equals("Add")) {
        spread.sum(node);
      }
    }
    return model.withGraph(spread.rewritten());
  }

  private void sum(Node sum) {
    Optional<Shape> shape = types.shape(sum.outputs().get(0)).filter(s -> s.rank() == 4);
    Optional<Projection> projection = projection(sum.inputs().get(1));
    boolean known =
        shape.isPresent() && shape.get().dim(2).isFixed() && shape.get().dim(3).isFixed();
    if (known && projection.isPresent() && shape.equals(types.shape(sum.inputs().get(0)))) {
      replace(projection.get(), shape.get());
    }
  }

  private Optional<Projection> projection(String value) {
    return producer(value, "Reshape")
        .filter(
            pixel ->
                types
                    .shape(value)
                    .filter(s -> s.rank() == 4 && s.dim(2).size() == 1 && s.dim(3).size() == 1)
                    .isPresent())
        .flatMap(
            pixel ->
                producer(pixel.inputs().get(0), "Gemm")
                    .filter(product -> product.integer("transB", 0) == 1 && product.hasInput(2))
                    .filter(product -> Checks.entry(uses, product.inputs().get(1)) == 1)
                    .filter(product -> constants.containsKey(product.inputs().get(1)))
                    .map(product -> new Projection(product, pixel)));
  }

  private Optional<Node> producer(String value, String operator) {
    return Optional.ofNullable(producers.get(value))
        .filter(node -> node.operator().equals(operator) && Checks.entry(uses, value) == 1);
  }

  private void replace(Projection projection, Shape image) {
    Node product = projection.product();
    String vector = product.inputs().get(0);
    String weights = product.inputs().get(1);
    Tensor matrix = Checks.entry(constants, weights);
    long[] sizes = matrix.sizes();
    constants.put(weights, Tensor.of(matrix.floats(), sizes[0], sizes[1], 1, 1));
    String pixel = product.outputs().get(0) + ".vector";
    String shape = pixel + ".shape";
    constants.put(shape, Tensor.of(new long[] {0, sizes[1], 1, 1}, 4));
    Node reshape = node("Reshape", pixel, List.of(vector, shape));
    List<String> operands = List.of(pixel, weights, product.inputs().get(2));
    Node convolution = node("Conv", product.outputs().get(0), operands);
    replaced.put(product.outputs().get(0), List.of(reshape, convolution));
    String repeated = projection.pixel().outputs().get(0);
    String scales = repeated + ".scales";
    constants.put(
        scales, Tensor.of(new float[] {1, 1, image.dim(2).size(), image.dim(3).size()}, 4));
    Node resize =
        node(
            "Resize",
            repeated,
            List.of(product.outputs().get(0), "", scales),
            Attribute.string("mode", "nearest"),
            Attribute.string("coordinate_transformation_mode", "asymmetric"),
            Attribute.string("nearest_mode", "floor"));
    declared.add(ValueInfo.of(repeated, ElementType.FLOAT, image));
    replaced.put(repeated, List.of(resize));
  }

  private static Node node(
      String operator, String output, List<String> inputs, Attribute... attributes) {
    return new Node(output, operator, "", inputs, List.of(output), List.of(attributes));
  }

  private Graph rewritten() {
    List<Node> nodes = new ArrayList<>();
    for (Node node : graph.nodes()) {
      nodes.addAll(replaced.getOrDefault(node.outputs().get(0), List.of(node)));
    }
    Set<String> read = new HashSet<>();
    nodes.forEach(node -> read.addAll(node.reads()));
    constants.keySet().retainAll(read);
    return new Graph(
        graph.name(), graph.inputs(), graph.outputs(), nodes, constants, declared, graph.notes());
  }
}
