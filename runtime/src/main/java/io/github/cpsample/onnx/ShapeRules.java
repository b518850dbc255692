package io.github.cpsample.onnx;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.LongStream;

/** Shapes of operators that rearrange, reduce or multiply. */
final class ShapeRules {

  private ShapeRules() {}

  static void addTo(Map<String, ShapeInference.Rule> rules) {
    rules.put("Reshape", ShapeRules::reshape);
    rules.put("Flatten", ShapeRules::flatten);
    rules.put("Transpose", ShapeRules::transpose);
    rules.put("Concat", ShapeRules::concat);
    rules.put("Squeeze", ShapeRules::squeeze);
    rules.put("Unsqueeze", ShapeRules::unsqueeze);
    rules.put(
        "Shape",
        (node, known) -> known.shape(in(node)).map(s -> Shape.fixed(s.rank())).orElse(null));
    rules.put("Gather", ShapeRules::gather);
    rules.put("Gemm", ShapeRules::gemm);
    rules.put("MatMul", ShapeRules::matMul);
    for (String reduction :
        List.of("Sum", "Mean", "Max", "Min", "Prod", "L1", "L2", "LogSumExp", "SumSquare")) {
      rules.put("Reduce" + reduction, ShapeRules::reduce);
    }
    rules.put("Split", ShapeRules::split);
  }

  private static String in(Node node) {
    return node.inputs().get(0);
  }

  /** Axes given as an attribute (older opsets) or as a constant input. */
  static Optional<long[]> axes(Node node, TensorTypes known, int input) {
    Optional<long[]> attribute = node.ints("axes");
    return attribute.isPresent() || !node.hasInput(input)
        ? attribute
        : known.constant(node.inputs().get(input)).map(Tensor::longs);
  }

  static int normalized(long axis, int rank) {
    return (int) (axis < 0 ? axis + rank : axis);
  }

  private static Shape reshape(Node node, TensorTypes known) {
    Optional<long[]> target = known.constant(node.inputs().get(1)).map(Tensor::longs);
    if (target.isEmpty()) {
      return null;
    }
    Shape from = known.shape(in(node)).orElse(null);
    List<Dim> dims = new ArrayList<>();
    int open = -1;
    for (int i = 0; i < target.get().length; i++) {
      long size = target.get()[i];
      if (size == -1) {
        open = i;
      }
      boolean copied = size == 0 && node.integer("allowzero", 0) == 0;
      boolean available = copied && from != null && i < from.rank();
      dims.add(available ? from.dim(i) : size <= 0 ? Dim.unknown() : Dim.of(size));
    }
    if (open >= 0 && from != null) {
      dims.set(open, rest(from, dims, open));
    }
    return new Shape(dims);
  }

  /** The axis of a reshaping that is left open: what remains when equal axes cancel. */
  private static Dim rest(Shape from, List<Dim> to, int open) {
    List<Dim> left = new ArrayList<>(from.dims());
    long divisor = 1;
    for (int i = 0; i < to.size(); i++) {
      if (i == open) {
        continue;
      }
      if (to.get(i).isFixed()) {
        divisor *= to.get(i).size();
      } else if (to.get(i).equals(Dim.unknown()) || !left.remove(to.get(i))) {
        return Dim.unknown();
      }
    }
    long product = 1;
    Dim symbol = null;
    for (Dim dim : left) {
      if (dim.isFixed()) {
        product *= dim.size();
      } else if (symbol != null) {
        return Dim.unknown();
      } else {
        symbol = dim;
      }
    }
    if (divisor == 0 || product % divisor != 0) {
      return Dim.unknown();
    }
    if (symbol == null) {
      return Dim.of(product / divisor);
    }
    return product == divisor ? symbol : Dim.unknown();
  }

  private static Shape flatten(Node node, TensorTypes known) {
    return known
        .shape(in(node))
        .map(
            shape -> {
              int axis = normalized(node.integer("axis", 1), shape.rank());
              return Shape.of(
                  product(shape.dims().subList(0, axis)),
                  product(shape.dims().subList(axis, shape.rank())));
            })
        .orElse(null);
  }

  private static Dim product(List<Dim> dims) {
    if (dims.size() == 1) {
      return dims.get(0);
    }
    return dims.stream().allMatch(Dim::isFixed)
        ? Dim.of(dims.stream().mapToLong(Dim::size).reduce(1, Math::multiplyExact))
        : Dim.unknown();
  }

  private static Shape transpose(Node node, TensorTypes known) {
    return known
        .shape(in(node))
        .map(
            shape -> {
              int rank = shape.rank();
              long[] order =
                  node.ints("perm")
                      .orElse(LongStream.range(0, rank).map(i -> rank - 1 - i).toArray());
              return new Shape(Arrays.stream(order).mapToObj(i -> shape.dim((int) i)).toList());
            })
        .orElse(null);
  }

  private static Shape concat(Node node, TensorTypes known) {
    Shape first = known.shape(in(node)).orElse(null);
    if (first == null) {
      return null;
    }
    int axis = normalized(node.integer("axis", 1), first.rank());
    long sum = 0;
    for (String input : node.inputs()) {
      Optional<Shape> shape = known.shape(input);
      boolean counted = sum >= 0 && shape.isPresent() && shape.get().dim(axis).isFixed();
      sum = counted ? sum + shape.get().dim(axis).size() : -1;
    }
    return with(first, axis, sum < 0 ? Dim.unknown() : Dim.of(sum));
  }

  static Shape with(Shape shape, int axis, Dim dim) {
    List<Dim> dims = new ArrayList<>(shape.dims());
    dims.set(axis, dim);
    return new Shape(dims);
  }

  private static Shape squeeze(Node node, TensorTypes known) {
    Shape shape = known.shape(in(node)).orElse(null);
    Optional<long[]> axes = axes(node, known, 1);
    if (shape == null || axes.isEmpty()) {
      return null;
    }
    List<Dim> dims = new ArrayList<>();
    for (int i = 0; i < shape.rank(); i++) {
      int axis = i;
      if (Arrays.stream(axes.get()).noneMatch(a -> normalized(a, shape.rank()) == axis)) {
        dims.add(shape.dim(i));
      }
    }
    return new Shape(dims);
  }

  private static Shape unsqueeze(Node node, TensorTypes known) {
    Shape shape = known.shape(in(node)).orElse(null);
    Optional<long[]> axes = axes(node, known, 1);
    if (shape == null || axes.isEmpty()) {
      return null;
    }
    int rank = shape.rank() + axes.get().length;
    List<Dim> dims = new ArrayList<>(shape.dims());
    Arrays.stream(axes.get())
        .mapToInt(a -> normalized(a, rank))
        .sorted()
        .forEach(a -> dims.add(a, Dim.of(1)));
    return new Shape(dims);
  }

  private static Shape gather(Node node, TensorTypes known) {
    Shape data = known.shape(in(node)).orElse(null);
    Shape indices = known.shape(node.inputs().get(1)).orElse(null);
    if (data == null || indices == null) {
      return null;
    }
    int axis = normalized(node.integer("axis", 0), data.rank());
    List<Dim> dims = new ArrayList<>(data.dims().subList(0, axis));
    dims.addAll(indices.dims());
    dims.addAll(data.dims().subList(axis + 1, data.rank()));
    return new Shape(dims);
  }

  private static Shape gemm(Node node, TensorTypes known) {
    Shape a = known.shape(in(node)).orElse(null);
    Shape b = known.shape(node.inputs().get(1)).orElse(null);
    return a == null || b == null
        ? null
        : Shape.of(
            a.dim(node.integer("transA", 0) == 0 ? 0 : 1),
            b.dim(node.integer("transB", 0) == 0 ? 1 : 0));
  }

  private static Shape matMul(Node node, TensorTypes known) {
    Shape a = known.shape(in(node)).orElse(null);
    Shape b = known.shape(node.inputs().get(1)).orElse(null);
    if (a == null || b == null || a.rank() < 2 || b.rank() < 2) {
      return null;
    }
    Shape stack =
        ShapeInference.broadcast(
            new Shape(a.dims().subList(0, a.rank() - 2)),
            new Shape(b.dims().subList(0, b.rank() - 2)));
    List<Dim> dims = new ArrayList<>(stack.dims());
    dims.add(a.dim(-2));
    dims.add(b.dim(-1));
    return new Shape(dims);
  }

  private static Shape reduce(Node node, TensorTypes known) {
    Shape shape = known.shape(in(node)).orElse(null);
    if (shape == null || (node.hasInput(1) && axes(node, known, 1).isEmpty())) {
      return null;
    }
    boolean keep = node.integer("keepdims", 1) != 0;
    Optional<long[]> axes = axes(node, known, 1).filter(a -> a.length > 0);
    if (axes.isEmpty() && node.integer("noop_with_empty_axes", 0) != 0) {
      return shape;
    }
    List<Dim> dims = new ArrayList<>();
    for (int i = 0; i < shape.rank(); i++) {
      int axis = i;
      boolean reduced =
          axes.isEmpty()
              || Arrays.stream(axes.get()).anyMatch(a -> normalized(a, shape.rank()) == axis);
      if (!reduced) {
        dims.add(shape.dim(i));
      } else if (keep) {
        dims.add(Dim.of(1));
      }
    }
    return new Shape(dims);
  }

  /** Equal parts only; others stay unknown. */
  private static Shape split(Node node, TensorTypes known) {
    Shape shape = known.shape(in(node)).orElse(null);
    if (shape == null) {
      return null;
    }
    int axis = normalized(node.integer("axis", 0), shape.rank());
    int parts = node.outputs().size();
    boolean equal = node.ints("split").isEmpty() && !node.hasInput(1);
    boolean whole = shape.dim(axis).isFixed() && shape.dim(axis).size() % parts == 0;
    return with(
        shape, axis, equal && whole ? Dim.of(shape.dim(axis).size() / parts) : Dim.unknown());
  }
}
