package io.github.cpsample.onnx.autodiff;

import static io.github.cpsample.onnx.autodiff.WindowTable.product;

import io.github.cpsample.onnx.Attribute;
import io.github.cpsample.onnx.Node;
import io.github.cpsample.onnx.Tensor;
import java.util.Arrays;
import java.util.List;

/**
 * Convolutions and average pooling in float64, for which ONNX Runtime has no kernels: the pixels of
 * all windows are gathered, then multiplied with the kernel as a matrix, or summed.
 */
final class DoubleWindows {

  private final DoubleGraph g;
  private final Node node;
  private final long[] image;
  private final long[] output;

  private DoubleWindows(DoubleGraph graph, Node node) {
    this.g = graph;
    this.node = node;
    this.image = graph.sizes(node.inputs().get(0));
    this.output = graph.sizes(node.outputs().get(0));
  }

  static void convolution(DoubleGraph graph, Node node) {
    DoubleWindows windows = new DoubleWindows(graph, node);
    graph.replace(node, windows.convolved(node.operator().equals("ConvTranspose")));
  }

  static void averagePool(DoubleGraph graph, Node node) {
    graph.replace(node, new DoubleWindows(graph, node).average());
  }

  private static long[] space(long... sizes) {
    return Arrays.copyOfRange(sizes, 2, sizes.length);
  }

  private String convolved(boolean transposed) {
    long[] kernel = g.sizes(node.inputs().get(1));
    WindowTable table = new WindowTable(node, space(image), space(kernel), space(output));
    long group = node.integer("group", 1);
    long elements = product(space(kernel));
    long positions = product(space(output));
    long inputs = image[1] / group;
    String windows =
        table.isIdentity()
            ? node.inputs().get(0)
            : gathered(transposed ? table.transposed() : table.reading(), elements, positions);
    String columns = g.reshape(windows, image[0], group, inputs * elements, positions);
    String weights = node.inputs().get(1);
    if (transposed) {
      String split = g.reshape(weights, group, inputs, output[1] / group, elements);
      weights = g.node("Transpose", List.of(split), Attribute.ints("perm", 0, 2, 1, 3));
    }
    String rows = g.reshape(weights, 1, group, output[1] / group, inputs * elements);
    String result = g.reshape(g.node("MatMul", rows, columns), output);
    return node.hasInput(2) ? g.node("Add", result, bias()) : result;
  }

  private String bias() {
    long[] sizes = new long[output.length - 1];
    Arrays.fill(sizes, 1);
    sizes[0] = output[1];
    return g.reshape(node.inputs().get(2), sizes);
  }

  /** [N, C, window, output]: a column of zeros serves what lies outside of the image. */
  private String gathered(long[] table, long elements, long positions) {
    long pixels = product(space(image));
    String flat = g.reshape(node.inputs().get(0), image[0], image[1], pixels);
    double[] zeros = new double[product(image[0], image[1])];
    String outside = g.constant(Tensor.of(zeros, image[0], image[1], 1));
    String extended = g.node("Concat", List.of(flat, outside), Attribute.integer("axis", 2));
    String indices = g.constant(Tensor.of(table, elements, positions));
    return g.node("Gather", List.of(extended, indices), Attribute.integer("axis", 2));
  }

  private String average() {
    long[] kernel = node.ints("kernel_shape").orElseThrow();
    WindowTable table = new WindowTable(node, space(image), kernel, space(output));
    long positions = product(space(output));
    String windows = gathered(table.reading(), product(kernel), positions);
    double[] counts = table.counts(node.integer("count_include_pad", 0) != 0);
    String sum = g.reshape(g.reduce("ReduceSum", windows, 2), output[0], output[1], positions);
    return g.reshape(g.node("Div", sum, g.constant(Tensor.of(counts, positions))), output);
  }
}
