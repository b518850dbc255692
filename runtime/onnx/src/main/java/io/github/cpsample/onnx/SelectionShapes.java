package io.github.cpsample.onnx;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Shapes of operators that select, repeat or surround elements. */
final class SelectionShapes {

  private SelectionShapes() {}

  static void addTo(Map<String, ShapeInference.Rule> rules) {
    rules.put("Gather", SelectionShapes::gather);
    rules.put("GatherElements", (node, known) -> known.shape(node.inputs().get(1)).orElse(null));
    rules.put("Slice", SelectionShapes::slice);
    rules.put("Pad", SelectionShapes::pad);
    rules.put("Tile", SelectionShapes::tile);
    rules.put("Expand", SelectionShapes::expand);
    rules.put(
        "ConstantOfShape",
        (node, known) ->
            known
                .indices(node.inputs().get(0))
                .map(v -> new Shape(v.stream().map(IndexValue::dim).toList()))
                .or(
                    () ->
                        known
                            .shape(node.inputs().get(0))
                            .filter(Shape::isFixed)
                            .map(length -> unknown(length.sizes()[0])))
                .orElse(null));
    rules.put("GatherND", SelectionShapes::gatherTuples);
    rules.put("TopK", SelectionShapes::largest);
    rules.put("Compress", SelectionShapes::compress);
    rules.put("Einsum", Einsum::shape);
    rules.put("OneHot", SelectionShapes::oneHot);
    rules.put("Range", (node, known) -> Shape.of(Dim.unknown()));
    rules.put("ArgMax", SelectionShapes::arg);
    rules.put("ArgMin", SelectionShapes::arg);
  }

  /** A list that was an attribute in older opsets and is an input in newer ones. */
  static Optional<long[]> argument(Node node, TensorTypes known, String attribute, int input) {
    Optional<long[]> given = node.ints(attribute);
    return given.isPresent() || !node.hasInput(input)
        ? given
        : known.integers(node.inputs().get(input));
  }

  private static Optional<Shape> data(Node node, TensorTypes known) {
    return known.shape(node.inputs().get(0));
  }

  private static @Nullable Shape gather(Node node, TensorTypes known) {
    Shape data = data(node, known).orElse(null);
    Shape indices = known.shape(node.inputs().get(1)).orElse(null);
    if (data == null || indices == null) {
      return null;
    }
    int axis = ShapeRules.normalized(node.integer("axis", 0), data.rank());
    List<Dim> dims = new ArrayList<>(data.dims().subList(0, axis));
    dims.addAll(indices.dims());
    dims.addAll(data.dims().subList(axis + 1, data.rank()));
    return new Shape(dims);
  }

  private static @Nullable Shape gatherTuples(Node node, TensorTypes known) {
    Shape data = data(node, known).orElse(null);
    Shape tuples = known.shape(node.inputs().get(1)).orElse(null);
    if (data == null || tuples == null || !tuples.dim(-1).isFixed()) {
      return null;
    }
    int used = Math.toIntExact(node.integer("batch_dims", 0) + tuples.dim(-1).size());
    List<Dim> dims = new ArrayList<>(tuples.dims().subList(0, tuples.rank() - 1));
    dims.addAll(data.dims().subList(used, data.rank()));
    return new Shape(dims);
  }

  private static @Nullable Shape largest(Node node, TensorTypes known) {
    Shape data = data(node, known).orElse(null);
    if (data == null) {
      return null;
    }
    int axis = ShapeRules.normalized(node.integer("axis", -1), data.rank());
    Optional<long[]> count =
        node.attribute("k").isPresent()
            ? Optional.of(new long[] {node.integer("k", 0)})
            : known.integers(node.inputs().get(1));
    return ShapeRules.with(data, axis, count.map(k -> Dim.of(k[0])).orElse(Dim.unknown()));
  }

  private static @Nullable Shape compress(Node node, TensorTypes known) {
    Shape data = data(node, known).orElse(null);
    if (data == null || node.attribute("axis").isEmpty()) {
      return data == null ? null : Shape.of(Dim.unknown());
    }
    int axis = ShapeRules.normalized(node.integer("axis", 0), data.rank());
    return ShapeRules.with(data, axis, Dim.unknown());
  }

  private static @Nullable Shape slice(Node node, TensorTypes known) {
    Shape result = data(node, known).orElse(null);
    Optional<long[]> starts = argument(node, known, "starts", 1);
    Optional<long[]> ends = argument(node, known, "ends", 2);
    if (result == null) {
      return null;
    }
    int rank = result.rank();
    boolean axesOpen = node.hasInput(3) && known.integers(node.inputs().get(3)).isEmpty();
    if (axesOpen) {
      return new Shape(result.dims().stream().map(dim -> Dim.unknown()).toList());
    }
    long[] axes =
        argument(node, known, "axes", 3)
            .orElse(LongStream.range(0, starts.map(s -> s.length).orElse(rank)).toArray());
    Optional<long[]> steps =
        node.hasInput(4) ? known.integers(node.inputs().get(4)) : Optional.empty();
    boolean open = starts.isEmpty() || ends.isEmpty() || (node.hasInput(4) && steps.isEmpty());
    for (int i = 0; i < axes.length; i++) {
      int axis = ShapeRules.normalized(axes[i], rank);
      Dim size = result.dim(axis);
      Dim cut = Dim.unknown();
      if (!open) {
        long step = steps.isPresent() ? steps.get()[i] : 1;
        cut = sliced(size, starts.get()[i], ends.get()[i], step, known);
      }
      result = ShapeRules.with(result, axis, cut);
    }
    return result;
  }

  private static Dim sliced(Dim size, long start, long end, long step, TensorTypes known) {
    if (!size.isFixed()) {
      return start == 0 && step == 1 && end >= Integer.MAX_VALUE
          ? size
          : known.derived("slice " + size + " " + start + " " + end + " " + step);
    }
    return Dim.of(SliceRange.of(size.size(), start, end, step).count());
  }

  private static @Nullable Shape pad(Node node, TensorTypes known) {
    Shape result = data(node, known).orElse(null);
    Optional<long[]> pads = argument(node, known, "pads", 1);
    if (result == null) {
      return null;
    }
    Optional<long[]> axes =
        node.hasInput(3) ? known.integers(node.inputs().get(3)) : Optional.empty();
    if (pads.isEmpty() || (node.hasInput(3) && axes.isEmpty())) {
      return new Shape(result.dims().stream().map(dim -> Dim.unknown()).toList());
    }
    long[] padded = axes.orElse(LongStream.range(0, result.rank()).toArray());
    for (int i = 0; i < padded.length; i++) {
      int axis = ShapeRules.normalized(padded[i], result.rank());
      Dim size = result.dim(axis);
      long more = Math.addExact(pads.get()[i], pads.get()[i + padded.length]);
      Dim grown =
          size.isFixed()
              ? Dim.of(Math.addExact(size.size(), more))
              : more == 0 ? size : known.derived("Add " + size + " " + more);
      result = ShapeRules.with(result, axis, grown);
    }
    return result;
  }

  private static @Nullable Shape tile(Node node, TensorTypes known) {
    Shape data = data(node, known).orElse(null);
    Optional<long[]> repeats = known.integers(node.inputs().get(1));
    if (data == null || repeats.isEmpty()) {
      return data == null ? null : new Shape(data.dims().stream().map(d -> Dim.unknown()).toList());
    }
    List<Dim> dims = new ArrayList<>();
    for (int i = 0; i < data.rank(); i++) {
      dims.add(WindowShapes.scaled(data.dim(i), repeats.get()[i], true, known));
    }
    return new Shape(dims);
  }

  private static @Nullable Shape expand(Node node, TensorTypes known) {
    Shape data = data(node, known).orElse(null);
    Optional<List<IndexValue>> target = known.indices(node.inputs().get(1));
    if (data != null && target.isEmpty()) {
      Optional<Shape> length = known.shape(node.inputs().get(1)).filter(Shape::isFixed);
      return length.map(l -> unknown(Math.max(data.rank(), l.sizes()[0]))).orElse(null);
    }
    if (data == null) {
      return null;
    }
    return ElementwiseShapes.broadcast(
        data, new Shape(target.get().stream().map(IndexValue::dim).toList()), known);
  }

  private static Shape unknown(long rank) {
    return new Shape(Stream.generate(Dim::unknown).limit(Math.min(rank, 1L << 10)).toList());
  }

  /** One more axis, as long as the depth. */
  private static @Nullable Shape oneHot(Node node, TensorTypes known) {
    Shape indices = data(node, known).orElse(null);
    if (indices == null) {
      return null;
    }
    int axis = ShapeRules.normalized(node.integer("axis", -1), indices.rank() + 1);
    Dim depth =
        known
            .indices(node.inputs().get(1))
            .filter(values -> values.size() == 1)
            .map(values -> values.get(0).dim())
            .orElse(Dim.unknown());
    List<Dim> dims = new ArrayList<>(indices.dims());
    dims.add(axis, depth);
    return new Shape(dims);
  }

  private static @Nullable Shape arg(Node node, TensorTypes known) {
    Shape data = data(node, known).orElse(null);
    if (data == null) {
      return null;
    }
    int axis = ShapeRules.normalized(node.integer("axis", 0), data.rank());
    List<Dim> dims = new ArrayList<>(data.dims());
    dims.remove(axis);
    return node.integer("keepdims", 1) != 0
        ? ShapeRules.with(data, axis, Dim.of(1))
        : new Shape(dims);
  }

  /** Adds the shapes of all parts of a split. */
  static void split(Node node, TensorTypes known) {
    Shape shape = data(node, known).orElse(null);
    if (shape == null) {
      return;
    }
    int axis = ShapeRules.normalized(node.integer("axis", 0), shape.rank());
    Dim whole = shape.dim(axis);
    int parts = node.outputs().size();
    boolean listed = node.ints("split").isPresent() || node.hasInput(1);
    long[] sizes = argument(node, known, "split", 1).orElse(null);
    if (!listed && whole.isFixed()) {
      long each = (whole.size() + parts - 1) / parts;
      sizes = new long[parts];
      Arrays.fill(sizes, each);
      sizes[parts - 1] = whole.size() - each * (parts - 1);
    }
    for (int i = 0; i < parts; i++) {
      Dim size = sizes == null ? Dim.unknown() : Dim.of(sizes[i]);
      known.put(node.outputs().get(i), null, ShapeRules.with(shape, axis, size));
    }
  }
}
