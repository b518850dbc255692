package io.github.cpsample.onnx;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Shapes of operators that slide windows over space or change its resolution. */
final class WindowShapes {

  private WindowShapes() {}

  static void addTo(Map<String, ShapeInference.Rule> rules) {
    rules.put("Conv", (node, known) -> window(node, known, true));
    rules.put("ConvInteger", (node, known) -> window(node, known, true));
    rules.put("QLinearConv", (node, known) -> window(ShapeRules.plain(node), known, true));
    rules.put("ConvTranspose", WindowShapes::transposed);
    rules.put("MaxPool", (node, known) -> window(node, known, false));
    rules.put("AveragePool", (node, known) -> window(node, known, false));
    rules.put("GlobalAveragePool", WindowShapes::global);
    rules.put("GlobalMaxPool", WindowShapes::global);
    rules.put("GlobalLpPool", WindowShapes::global);
    rules.put("SpaceToDepth", (node, known) -> blocks(node, known, true));
    rules.put("DepthToSpace", (node, known) -> blocks(node, known, false));
    rules.put("LpPool", (node, known) -> window(node, known, false));
    rules.put("RoiAlign", WindowShapes::regions);
    rules.put("Resize", WindowShapes::resize);
    rules.put("Upsample", WindowShapes::resize);
  }

  private static Optional<Shape> input(Node node, TensorTypes known) {
    return known.shape(node.inputs().get(0));
  }

  /** The regions' number, the image's channels, and the bins. */
  private static @Nullable Shape regions(Node node, TensorTypes known) {
    Optional<Shape> x = input(node, known);
    Optional<Shape> regions = known.shape(node.inputs().get(1));
    if (x.isEmpty() || regions.isEmpty()) {
      return null;
    }
    return Shape.of(
        regions.get().dim(0),
        x.get().dim(1),
        Dim.of(node.integer("output_height", 1)),
        Dim.of(node.integer("output_width", 1)));
  }

  private static @Nullable Shape window(Node node, TensorTypes known, boolean convolution) {
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
    List<Dim> dims = new ArrayList<>(List.of(x.dim(0), w == null ? x.dim(1) : w.dim(0)));
    for (int i = 0; i < space; i++) {
      dims.add(
          kernel == null ? Dim.unknown() : slide(node, x.dim(i + 2), kernel[i], i, space, known));
    }
    return new Shape(dims);
  }

  private static Dim slide(
      Node node, Dim size, long kernel, int axis, int space, TensorTypes known) {
    long stride = node.ints("strides").map(s -> s[axis]).orElse(1L);
    long dilation = node.ints("dilations").map(d -> d[axis]).orElse(1L);
    long reach = dilation * (kernel - 1) + 1;
    String auto = node.string("auto_pad", "NOTSET");
    if (auto.startsWith("SAME")) {
      return stride == 1
          ? size
          : size.isFixed()
              ? Dim.of((size.size() + stride - 1) / stride)
              : known.derived("ceiling " + size + " " + stride);
    }
    long padding =
        auto.equals("VALID") ? 0 : node.ints("pads").map(p -> p[axis] + p[axis + space]).orElse(0L);
    long more = padding - reach;
    boolean up = node.integer("ceil_mode", 0) != 0;
    if (stride == 1 && more == -1) {
      return size;
    }
    if (!size.isFixed()) {
      return known.derived("window " + size + " " + more + " " + stride + " " + up);
    }
    long whole = (size.size() + more) / stride + 1;
    boolean rest = (size.size() + more) % stride != 0;
    // a window that hangs over the end must start within the image or the padding before it
    long before = auto.equals("VALID") ? 0 : node.ints("pads").map(p -> p[axis]).orElse(0L);
    return Dim.of(up && rest && whole * stride < size.size() + before ? whole + 1 : whole);
  }

  private static @Nullable Shape transposed(Node node, TensorTypes known) {
    Shape x = input(node, known).orElse(null);
    Shape w = known.shape(node.inputs().get(1)).orElse(null);
    if (x == null || w == null) {
      return null;
    }
    int space = x.rank() - 2;
    List<Dim> dims =
        new ArrayList<>(List.of(x.dim(0), scaled(w.dim(1), node.integer("group", 1), true, known)));
    for (int i = 0; i < space; i++) {
      dims.add(spread(node, x.dim(i + 2), w.dim(i + 2), i, known));
    }
    return new Shape(dims);
  }

  private static Dim spread(Node node, Dim size, Dim kernel, int axis, TensorTypes known) {
    Optional<long[]> given = node.ints("output_shape");
    if (given.isPresent()) {
      int skipped = given.get().length - node.ints("strides").map(s -> s.length).orElse(0);
      return Dim.of(given.get()[axis + (skipped == 2 ? 2 : 0)]);
    }
    long stride = node.ints("strides").map(s -> s[axis]).orElse(1L);
    if (node.string("auto_pad", "NOTSET").startsWith("SAME")) {
      return scaled(size, stride, true, known);
    }
    if (!kernel.isFixed()) {
      return Dim.unknown();
    }
    long dilation = node.ints("dilations").map(d -> d[axis]).orElse(1L);
    long padding = node.ints("pads").map(p -> p[axis] + p[axis + p.length / 2]).orElse(0L);
    long more = node.ints("output_padding").map(p -> p[axis]).orElse(0L);
    long constant = dilation * (kernel.size() - 1) + 1 - stride - padding + more;
    return size.isFixed()
        ? Dim.of(Math.addExact(Math.multiplyExact(size.size(), stride), constant))
        : known.derived("spread " + size + " " + stride + " " + constant);
  }

  private static @Nullable Shape global(Node node, TensorTypes known) {
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

  private static @Nullable Shape blocks(Node node, TensorTypes known, boolean toDepth) {
    Shape x = input(node, known).orElse(null);
    if (x == null) {
      return null;
    }
    long block = node.integer("blocksize", 1);
    return Shape.of(
        x.dim(0),
        scaled(x.dim(1), block * block, toDepth, known),
        scaled(x.dim(2), block, !toDepth, known),
        scaled(x.dim(3), block, !toDepth, known));
  }

  /** A size multiplied, or divided without rest. */
  static Dim scaled(Dim dim, long factor, boolean up, TensorTypes known) {
    if (!dim.isFixed()) {
      return factor == 1 ? dim : known.derived((up ? "Mul " : "Div ") + dim + " " + factor);
    }
    return Dim.of(up ? Math.multiplyExact(dim.size(), factor) : dim.size() / factor);
  }

  private static @Nullable Shape resize(Node node, TensorTypes known) {
    Shape x = input(node, known).orElse(null);
    if (x == null || node.attribute("axes").isPresent()) {
      return x == null ? null : new Shape(x.dims().stream().map(dim -> Dim.unknown()).toList());
    }
    if (node.hasInput(3)) {
      return known
          .indices(node.inputs().get(3))
          .map(v -> new Shape(v.stream().map(IndexValue::dim).toList()))
          .orElse(null);
    }
    double[] scales = scales(node, known).orElse(null);
    if (scales == null || scales.length != x.rank()) {
      return null;
    }
    List<Dim> dims = new ArrayList<>();
    for (int i = 0; i < scales.length; i++) {
      Dim dim = x.dim(i);
      dims.add(
          scales[i] == 1
              ? dim
              : dim.isFixed()
                  ? Dim.of((long) Math.floor(dim.size() * scales[i]))
                  : known.derived("scaled " + dim + " " + scales[i]));
    }
    return new Shape(dims);
  }

  /** Scales of Resize (third input; second in opset 10) or Upsample (input or attribute). */
  private static Optional<double[]> scales(Node node, TensorTypes known) {
    Optional<Attribute> attribute = node.attribute("scales");
    if (attribute.isPresent()) {
      return Optional.of(
          ((List<?>) attribute.get().value()).stream().mapToDouble(v -> (Float) v).toArray());
    }
    int input = node.inputs().size() == 2 ? 1 : 2;
    return node.hasInput(input)
        ? known.constant(node.inputs().get(input)).map(Tensor::doubles)
        : Optional.empty();
  }
}
