package io.github.cpsample.trainer.export;

import io.github.cpsample.onnx.Attribute;
import io.github.cpsample.onnx.Graph;
import io.github.cpsample.onnx.Node;
import io.github.cpsample.onnx.OnnxModel;
import io.github.cpsample.onnx.Tensor;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;

/**
 * Writes convolutions of patches as convolutions of the image. With patches of b x b pixels,
 *
 * <p>conv(spaceToDepth(x, b), w, padding p) = conv(x, v, stride b, padding p b),
 *
 * <p>v[o, c, i b + dy, j b + dx] = w[o, (dy b + dx) C + c, i, j], with the same products. ONNX
 * Runtime moves pixels between space and channels on one thread.
 */
final class PatchConvolutions {

  private PatchConvolutions() {}

  /**
   * Rewrites all convolutions of stride 1 that alone read patches.
   *
   * @param model the model
   * @return a model of the same inputs and outputs
   */
  static OnnxModel rewrite(OnnxModel model) {
    Graph graph = model.graph();
    Map<String, Integer> uses = new HashMap<>();
    graph.nodes().forEach(node -> node.reads().forEach(read -> uses.merge(read, 1, Integer::sum)));
    Map<String, Tensor> constants = new LinkedHashMap<>(graph.initializers());
    Map<String, Node> patches = new HashMap<>();
    List<Node> nodes = new ArrayList<>();
    for (Node node : graph.nodes()) {
      if (node.operator().equals("SpaceToDepth") && uses.get(node.outputs().get(0)) == 1) {
        patches.put(node.outputs().get(0), node);
      }
      Node source = patches.get(node.inputs().get(0));
      boolean fits =
          source != null && node.operator().equals("Conv") && uses.get(node.inputs().get(1)) == 1;
      if (fits && isPlain(node)) {
        nodes.remove(source);
        nodes.add(ofImage(node, source, constants));
      } else {
        nodes.add(node);
      }
    }
    return model.withGraph(
        new Graph(
            graph.name(),
            graph.inputs(),
            graph.outputs(),
            nodes,
            constants,
            graph.valueInfo(),
            graph.notes()));
  }

  private static boolean isPlain(Node convolution) {
    return LongStream.of(convolution.ints("strides").orElseThrow()).allMatch(s -> s == 1);
  }

  private static Node ofImage(Node convolution, Node patches, Map<String, Tensor> constants) {
    int block = Math.toIntExact(patches.integer("blocksize", 1));
    String weights = convolution.inputs().get(1);
    constants.put(weights, spread(constants.get(weights), block));
    List<String> inputs = new ArrayList<>(convolution.inputs());
    inputs.set(0, patches.inputs().get(0));
    long[] pads = convolution.ints("pads").orElseThrow();
    return new Node(
        convolution.name(),
        "Conv",
        "",
        inputs,
        convolution.outputs(),
        List.of(
            Attribute.ints("strides", block, block),
            Attribute.ints("pads", LongStream.of(pads).map(p -> p * block).toArray())));
  }

  private static Tensor spread(Tensor weights, int block) {
    long[] sizes = weights.sizes();
    int outputs = Math.toIntExact(sizes[0]);
    int channels = Math.toIntExact(sizes[1]) / (block * block);
    int height = Math.toIntExact(sizes[2]);
    int width = Math.toIntExact(sizes[3]);
    float[] from = weights.floats();
    float[] to = new float[from.length];
    int source = 0;
    for (int o = 0; o < outputs; o++) {
      for (int patch = 0; patch < block * block; patch++) {
        for (int c = 0; c < channels; c++) {
          for (int i = 0; i < height; i++) {
            for (int j = 0; j < width; j++) {
              int row = (o * channels + c) * height * block + i * block + patch / block;
              to[row * width * block + j * block + patch % block] = from[source++];
            }
          }
        }
      }
    }
    return Tensor.of(to, outputs, channels, (long) height * block, (long) width * block);
  }
}
