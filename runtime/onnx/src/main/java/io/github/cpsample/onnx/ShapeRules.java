package io.github.cpsample.onnx;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Shapes of operators that rearrange, reduce or multiply. */
final class ShapeRules {

  private static final int HIGHEST_RANK = 64;

  private ShapeRules() {}

  static void addTo(Map<String, ShapeInference.Rule> rules) {
    rules.put("Reshape", ShapeRules::reshape);
    rules.put("Flatten", ShapeRules::flatten);
    rules.put("Transpose", ShapeRules::transpose);
    rules.put("Concat", ShapeRules::concat);
    rules.put("Squeeze", ShapeRules::squeeze);
    rules.put("Unsqueeze", ShapeRules::unsqueeze);
    rules.put("Shape", ShapeRules::sizes);
    rules.put("Size", (node, known) -> Shape.of());
    rules.put("Gemm", ShapeRules::gemm);
    rules.put("MatMul", ShapeRules::matMul);
    rules.put("MatMulInteger", ShapeRules::matMul);
    rules.put("QLinearMatMul", (node, known) -> matMul(plain(node), known));
    for (String reduction :
        List.of(
            "Sum", "Mean", "Max", "Min", "Prod", "L1", "L2", "LogSum", "LogSumExp", "SumSquare")) {
      rules.put("Reduce" + reduction, ShapeRules::reduce);
    }
  }

  private static String in(Node node) {
    return node.inputs().get(0);
  }

  /** Axes given as an attribute (older opsets) or as a constant input. */
  static Optional<long[]> axes(Node node, TensorTypes known, int input) {
    return SelectionShapes.argument(node, known, "axes", input);
  }

  static int normalized(long axis, int rank) {
    if (axis < -rank || axis > rank) {
      throw new MalformedModelException("expected an axis of " + rank + " axes, found " + axis);
    }
    return (int) (axis < 0 ? axis + rank : axis);
  }

  /** An index into an axis as slices understand it: drawn into [0, size]. */
  static int clamped(long index, int size) {
    return (int) Math.max(0, Math.min(size, index < 0 ? index + size : index));
  }

  private static @Nullable Shape sizes(Node node, TensorTypes known) {
    return known
        .shape(in(node))
        .map(
            shape -> {
              int start = clamped(node.integer("start", 0), shape.rank());
              int end = clamped(node.integer("end", shape.rank()), shape.rank());
              return Shape.fixed(Math.max(0, end - start));
            })
        .orElse(null);
  }

  private static @Nullable Shape reshape(Node node, TensorTypes known) {
    Optional<List<IndexValue>> target = target(node, known);
    if (target.isEmpty()) {
      Optional<Shape> rank = known.shape(node.inputs().get(1)).filter(Shape::isFixed);
      return rank.map(r -> unknown(r.sizes()[0])).orElse(null);
    }
    Shape from = known.shape(in(node)).orElse(null);
    List<Dim> dims = new ArrayList<>();
    int open = -1;
    for (int i = 0; i < target.get().size(); i++) {
      IndexValue value = target.get().get(i);
      boolean number = value.isNumber();
      if (number && value.number() == -1) {
        open = i;
      }
      boolean copied = number && value.number() == 0 && node.integer("allowzero", 0) == 0;
      Dim given = from != null && i < from.rank() ? from.dim(i) : Dim.unknown();
      boolean unknown = number && value.number() < 0;
      dims.add(copied ? given : unknown ? Dim.unknown() : value.dim());
    }
    if (open >= 0 && from != null) {
      dims.set(open, rest(from, dims, open, known));
    }
    return new Shape(dims);
  }

  private static Optional<List<IndexValue>> target(Node node, TensorTypes known) {
    Optional<long[]> old = node.ints("shape");
    return old.isPresent()
        ? old.map(sizes -> Arrays.stream(sizes).mapToObj(n -> IndexValue.of(n)).toList())
        : known.indices(node.inputs().get(1));
  }

  private static Shape unknown(long rank) {
    return new Shape(Stream.generate(Dim::unknown).limit(Math.min(rank, HIGHEST_RANK)).toList());
  }

  /** The axis of a reshaping that is left open: what remains when equal axes cancel. */
  private static Dim rest(Shape from, List<Dim> to, int open, TensorTypes known) {
    List<Dim> left = new ArrayList<>(from.dims());
    List<Dim> divisors = new ArrayList<>(to);
    divisors.remove(open);
    for (Dim dim : List.copyOf(divisors)) {
      if (!dim.isFixed() && left.remove(dim)) {
        divisors.remove(dim);
      }
    }
    long product = fixedProduct(left);
    long divisor = fixedProduct(divisors);
    List<Dim> symbols = symbols(left);
    List<Dim> unknown = symbols(divisors);
    if (divisor == 0 || unknown.contains(Dim.unknown()) || symbols.contains(Dim.unknown())) {
      return Dim.unknown();
    }
    if (unknown.isEmpty() && product % divisor == 0) {
      long factor = product / divisor;
      if (symbols.isEmpty()) {
        return Dim.of(factor);
      }
      if (symbols.size() == 1 && factor == 1) {
        return symbols.get(0);
      }
      return known.derived("product " + factor + symbols);
    }
    return known.derived("quotient " + product + symbols + " " + divisor + unknown);
  }

  private static long fixedProduct(List<Dim> dims) {
    return dims.stream().filter(Dim::isFixed).mapToLong(Dim::size).reduce(1, Math::multiplyExact);
  }

  private static List<Dim> symbols(List<Dim> dims) {
    return dims.stream()
        .filter(dim -> !dim.isFixed())
        .sorted(Comparator.comparing(Dim::symbol))
        .toList();
  }

  private static @Nullable Shape flatten(Node node, TensorTypes known) {
    return known
        .shape(in(node))
        .map(
            shape -> {
              int axis = normalized(node.integer("axis", 1), shape.rank());
              return Shape.of(
                  product(shape.dims().subList(0, axis), known),
                  product(shape.dims().subList(axis, shape.rank()), known));
            })
        .orElse(null);
  }

  private static Dim product(List<Dim> dims, TensorTypes known) {
    return rest(new Shape(dims), List.of(Dim.unknown()), 0, known);
  }

  private static @Nullable Shape transpose(Node node, TensorTypes known) {
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

  private static @Nullable Shape concat(Node node, TensorTypes known) {
    Shape first = known.shape(in(node)).orElse(null);
    if (first == null) {
      return null;
    }
    int axis = normalized(node.integer("axis", 1), first.rank());
    List<Dim> parts = new ArrayList<>();
    for (String input : node.inputs()) {
      parts.add(known.shape(input).map(shape -> shape.dim(axis)).orElse(Dim.unknown()));
    }
    if (parts.contains(Dim.unknown())) {
      return with(first, axis, Dim.unknown());
    }
    boolean fixed = parts.stream().allMatch(Dim::isFixed);
    long sum = parts.stream().filter(Dim::isFixed).mapToLong(Dim::size).reduce(0, Math::addExact);
    return with(first, axis, fixed ? Dim.of(sum) : known.derived("sum " + sum + symbols(parts)));
  }

  static Shape with(Shape shape, int axis, Dim dim) {
    List<Dim> dims = new ArrayList<>(shape.dims());
    dims.set(axis, dim);
    return new Shape(dims);
  }

  private static @Nullable Shape squeeze(Node node, TensorTypes known) {
    Shape shape = known.shape(in(node)).orElse(null);
    Optional<long[]> axes = axes(node, known, 1);
    if (shape != null && node.ints("axes").isEmpty() && !node.hasInput(1)) {
      return shape.isFixed()
          ? new Shape(shape.dims().stream().filter(dim -> dim.size() != 1).toList())
          : null;
    }
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

  private static @Nullable Shape unsqueeze(Node node, TensorTypes known) {
    Shape shape = known.shape(in(node)).orElse(null);
    Optional<long[]> axes = axes(node, known, 1);
    if (shape == null || axes.isEmpty()) {
      return null;
    }
    int rank = shape.rank() + axes.get().length;
    if (rank > HIGHEST_RANK) {
      throw new MalformedModelException(
          "expected at most " + HIGHEST_RANK + " axes, found " + rank);
    }
    List<Dim> dims = new ArrayList<>(shape.dims());
    Arrays.stream(axes.get())
        .mapToInt(a -> normalized(a, rank))
        .sorted()
        .forEach(a -> dims.add(a, Dim.of(1)));
    return new Shape(dims);
  }

  private static @Nullable Shape gemm(Node node, TensorTypes known) {
    Shape a = known.shape(in(node)).orElse(null);
    Shape b = known.shape(node.inputs().get(1)).orElse(null);
    return a == null || b == null
        ? null
        : Shape.of(
            a.dim(node.integer("transA", 0) == 0 ? 0 : 1),
            b.dim(node.integer("transB", 0) == 0 ? 1 : 0));
  }

  private static @Nullable Shape matMul(Node node, TensorTypes known) {
    Shape a = known.shape(in(node)).orElse(null);
    Shape b = known.shape(node.inputs().get(1)).orElse(null);
    if (a == null || b == null) {
      return null;
    }
    if (a.rank() == 1 || b.rank() == 1) {
      List<Dim> dims = new ArrayList<>(a.dims().subList(0, a.rank() - 1));
      if (b.rank() > 1) {
        dims.addAll(b.dims().subList(0, b.rank() - 2));
        dims.add(b.dim(-1));
      }
      return new Shape(dims);
    }
    Shape stack =
        ElementwiseShapes.broadcast(
            new Shape(a.dims().subList(0, a.rank() - 2)),
            new Shape(b.dims().subList(0, b.rank() - 2)),
            known);
    List<Dim> dims = new ArrayList<>(stack.dims());
    dims.add(a.dim(-2));
    dims.add(b.dim(-1));
    return new Shape(dims);
  }

  private static @Nullable Shape reduce(Node node, TensorTypes known) {
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

  /** A quantised operator, its operands each followed by scale and zero point, without those. */
  static Node plain(Node node) {
    return node.between(List.of(node.inputs().get(0), node.inputs().get(3)), node.outputs());
  }
}
