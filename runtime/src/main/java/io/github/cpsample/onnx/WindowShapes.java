package io.github.cpsample.onnx;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Shapes of operators that slide windows over space or change its resolution. */
final class WindowShapes {

  private WindowShapes() {}

  static void addTo(Map<String, ShapeInference.Rule> rules) {
    rules.put("Conv", (node, known) -> window(node, known, true));
    rules.put("MaxPool", (node, known) -> window(node, known, false));
    rules.put("AveragePool", (node, known) -> window(node, known, false));
    rules.put("GlobalAveragePool", WindowShapes::global);
    rules.put("GlobalMaxPool", WindowShapes::global);
    rules.put("SpaceToDepth", (node, known) -> blocks(node, known, true));
    rules.put("DepthToSpace", (node, known) -> blocks(node, known, false));
    rules.put("Resize", WindowShapes::resize);
  }

  private static Optional<Shape> input(Node node, TensorTypes known) {
    return known.shape(node.inputs().get(0));
  }

  private static Shape window(Node node, TensorTypes known, boolean convolution) {
    Shape x = input(node, known).orElse(null);
    Shape w = convolution ? known.shape(node.inputs().get(1)).orElse(null) : null;
    if (x == null || (convolution && w == null)) {
      return null;
    }
    int space = x.rank() - 2;
    long[] kernel =
        node.ints("kernel_shape")
            .or(
                () ->
                    w != null && w.isFixed()
                        ? Optional.of(Arrays.copyOfRange(w.sizes(), 2, space + 2))
                        : Optional.empty())
            .orElse(null);
    List<Dim> dims = new ArrayList<>(List.of(x.dim(0), convolution ? w.dim(0) : x.dim(1)));
    for (int i = 0; i < space; i++) {
      dims.add(kernel == null ? Dim.unknown() : slide(node, x.dim(i + 2), kernel[i], i, space));
    }
    return new Shape(dims);
  }

  private static Dim slide(Node node, Dim size, long kernel, int axis, int space) {
    if (!size.isFixed()) {
      return Dim.unknown();
    }
    long stride = node.ints("strides").map(s -> s[axis]).orElse(1L);
    long dilation = node.ints("dilations").map(d -> d[axis]).orElse(1L);
    long reach = dilation * (kernel - 1) + 1;
    String auto = node.string("auto_pad", "NOTSET");
    if (auto.startsWith("SAME")) {
      return Dim.of((size.size() + stride - 1) / stride);
    }
    long padding =
        auto.equals("VALID") ? 0 : node.ints("pads").map(p -> p[axis] + p[axis + space]).orElse(0L);
    long covered = size.size() + padding - reach;
    boolean up = node.integer("ceil_mode", 0) != 0;
    return up ? Dim.unknown() : Dim.of(covered / stride + 1);
  }

  private static Shape global(Node node, TensorTypes known) {
    Shape x = input(node, known).orElse(null);
    if (x == null) {
      return null;
    }
    List<Dim> dims = new ArrayList<>(x.dims().subList(0, 2));
    while (dims.size() < x.rank()) {
      dims.add(Dim.of(1));
    }
    return new Shape(dims);
  }

  private static Shape blocks(Node node, TensorTypes known, boolean toDepth) {
    Shape x = input(node, known).orElse(null);
    if (x == null) {
      return null;
    }
    long block = node.integer("blocksize", 1);
    return Shape.of(
        x.dim(0),
        scaled(x.dim(1), block * block, toDepth),
        scaled(x.dim(2), block, !toDepth),
        scaled(x.dim(3), block, !toDepth));
  }

  private static Dim scaled(Dim dim, long factor, boolean up) {
    if (!dim.isFixed()) {
      return Dim.unknown();
    }
    return Dim.of(up ? dim.size() * factor : dim.size() / factor);
  }

  private static Shape resize(Node node, TensorTypes known) {
    Shape x = input(node, known).orElse(null);
    if (x == null || !node.hasInput(2)) {
      return null;
    }
    double[] scales = known.constant(node.inputs().get(2)).map(Tensor::doubles).orElse(null);
    if (scales == null || scales.length != x.rank()) {
      return null;
    }
    List<Dim> dims = new ArrayList<>();
    for (int i = 0; i < scales.length; i++) {
      Dim dim = x.dim(i);
      dims.add(
          scales[i] == 1
              ? dim
              : dim.isFixed() ? Dim.of((long) Math.floor(dim.size() * scales[i])) : Dim.unknown());
    }
    return new Shape(dims);
  }
}
