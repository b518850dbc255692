package io.github.cpsample.onnx.autodiff;

import io.github.cpsample.onnx.Attribute;
import io.github.cpsample.onnx.Dim;
import io.github.cpsample.onnx.ElementType;
import io.github.cpsample.onnx.SliceRange;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.LongStream;

/**
 * The adjoint of a slice: zeros around g, and between its elements where the slice left some out.
 * Along axes of which size or bounds are only known when the graph runs, the elements of g are put
 * at the indices that the very slice takes of 0, 1, 2, ...; where not even the axes are known, all
 * elements at once.
 */
final class SliceAdjoint {

  private final NodeAdjoint n;
  private final Emitter e;
  private final long[] axes;

  private SliceAdjoint(NodeAdjoint node) {
    this.n = node;
    this.e = node.emit();
    int count =
        node.node()
            .ints("starts")
            .map(s -> s.length)
            .orElseGet(() -> Math.toIntExact(node.fixedSizes(node.shape(1), 0)[0]));
    this.axes = node.argument("axes", 3).orElse(LongStream.range(0, count).toArray());
  }

  static String of(NodeAdjoint node) {
    boolean openAxes = node.node().hasInput(3) && node.emit().integersOf(node.in(3)).isEmpty();
    return openAxes || node.emit().shape(node.in(0)).isEmpty()
        ? new SelectedElements(node).image()
        : new SliceAdjoint(node).image();
  }

  private String image() {
    Optional<long[]> starts = bounds("starts", 1);
    Optional<long[]> ends = bounds("ends", 2);
    Optional<long[]> steps = n.node().hasInput(4) ? e.integersOf(n.in(4)) : ones();
    boolean known = starts.isPresent() && ends.isPresent() && steps.isPresent();
    String image = n.cotangent();
    long[] pads = new long[2 * n.rank(0)];
    List<Integer> open = new ArrayList<>();
    for (int i = 0; i < axes.length; i++) {
      int axis = n.axis(axes[i], 0);
      Dim size = n.shape(0).dim(axis);
      if (!known || !size.isFixed()) {
        open.add(i);
        continue;
      }
      SliceRange range = SliceRange.of(size.size(), starts.get()[i], ends.get()[i], steps.get()[i]);
      image = spread(image, axis, range);
      long first =
          range.step() > 0 ? range.start() : range.start() + (range.count() - 1) * range.step();
      long spread = range.count() == 0 ? 0 : (range.count() - 1) * Math.abs(range.step()) + 1;
      pads[axis] = range.count() == 0 ? 0 : first;
      pads[axis + n.rank(0)] = size.size() - pads[axis] - spread;
    }
    String padded = e.pad(image, pads);
    for (int i : open) {
      padded =
          known && steps.get()[i] == 1 && e.opset() >= 12
              ? shifted(padded, n.axis(axes[i], 0), starts.get()[i])
              : placed(padded, i);
    }
    return padded;
  }

  private Optional<long[]> ones() {
    return Optional.of(LongStream.generate(() -> 1).limit(axes.length).toArray());
  }

  private Optional<long[]> bounds(String attribute, int input) {
    Optional<long[]> given = n.node().ints(attribute);
    return given.isPresent() ? given : e.integersOf(n.in(input));
  }

  /** Zeros between the elements along an axis, in ascending order. */
  private String spread(String value, int axis, SliceRange range) {
    String ordered = value;
    if (range.step() < 0) {
      ordered =
          e.node(
              "Slice",
              value,
              e.integers(-1),
              e.integers(Integer.MIN_VALUE),
              e.integers(axis),
              e.integers(-1));
    }
    long distance = Math.abs(range.step());
    if (distance == 1 || range.count() < 2) {
      return ordered;
    }
    int rank = n.rank(0);
    String single = e.unsqueeze(ordered, axis + 1L);
    long[] gaps = new long[2 * (rank + 1)];
    gaps[rank + 1 + axis + 1] = distance - 1;
    List<String> sizes = new ArrayList<>();
    for (int i = 0; i < rank; i++) {
      sizes.add(i == axis ? e.integers(range.count() * distance) : e.size(value, i));
    }
    String whole = e.reshapeExactly(e.pad(single, gaps), e.concat(sizes, 0));
    return e.slice(whole, axis, e.integers(0), e.integers((range.count() - 1) * distance + 1));
  }

  /** Zeros around a piece of an axis whose size is only known when the graph runs. */
  private String shifted(String value, int axis, long given) {
    String size = e.size(n.in(0), axis);
    String start =
        given >= 0
            ? e.min(e.integers(given), size)
            : e.max(e.add(size, e.integers(given)), e.integers(0));
    String after = e.sub(e.sub(size, start), e.size(value, axis));
    return new ZeroPadding(e).along(value, axis, start, after, n.rank(0));
  }

  /** Every element at the index that the slice takes. */
  private String placed(String value, int index) {
    int axis = n.axis(axes[index], 0);
    int rank = n.rank(0);
    if (e.opset() < 11) {
      throw new NewerOpsetNeeded(
          11, "a slice whose bounds or sizes are only known when the graph runs");
    }
    String all = new Indices(e).range(e.size(n.in(0), axis));
    String steps = n.node().hasInput(4) ? element(4, index) : e.integers(1);
    String places =
        e.node("Slice", all, element(1, index), element(2, index), e.integers(0), steps);
    return new Indices(e).place(value, places, e.size(n.in(0), axis), axis, rank);
  }

  private String element(int input, int index) {
    String element = e.gather(n.in(input), e.integers(index));
    return e.cast(element, ElementType.INT64);
  }

  /**
   * The adjoint of an operator that selects or repeats elements of its first input, whatever its
   * other inputs say: the very operator, run on the positions of all elements, tells where every
   * element of g came from.
   */
  private static final class SelectedElements {

    private final NodeAdjoint n;
    private final Emitter e;

    SelectedElements(NodeAdjoint node) {
      this.n = node;
      this.e = node.emit();
    }

    /** Of an operator that takes every element once at most. */
    String image() {
      String count = e.reshape(e.node("Size", n.in(0)), 1);
      String shape = e.shapeOf(n.in(0));
      List<String> inputs = new ArrayList<>(n.node().inputs());
      inputs.set(0, e.reshapeExactly(new Indices(e).range(count), shape));
      String places =
          e.node(n.node().operator(), inputs, n.node().attributes().toArray(Attribute[]::new));
      String zeros = e.expand(e.scalar(0, n.in(0)), count);
      return e.reshapeExactly(e.scatter(zeros, flat(places), flat(n.cotangent()), 0), shape);
    }

    private String flat(String value) {
      return e.reshape(value, -1);
    }
  }
}
