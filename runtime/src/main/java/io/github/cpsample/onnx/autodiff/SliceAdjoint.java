package io.github.cpsample.onnx.autodiff;

import io.github.cpsample.onnx.Dim;
import io.github.cpsample.onnx.SliceRange;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.LongStream;

/**
 * The adjoint of a slice: zeros around g, and between its elements where the slice left some out.
 */
final class SliceAdjoint {

  private final NodeAdjoint n;
  private final Emitter e;

  SliceAdjoint(NodeAdjoint node) {
    this.n = node;
    this.e = node.emit();
  }

  String image() {
    long[] starts = n.argument("starts", 1).orElseThrow(() -> n.refuse("it has no starts"));
    long[] ends = n.argument("ends", 2).orElseThrow(() -> n.refuse("it has no ends"));
    long[] axes = n.argument("axes", 3).orElse(LongStream.range(0, starts.length).toArray());
    Optional<long[]> steps = n.argument("steps", 4);
    String image = n.cotangent();
    List<Placed> open = new ArrayList<>();
    long[] pads = new long[2 * n.rank(0)];
    for (int i = 0; i < axes.length; i++) {
      int axis = n.axis(axes[i], 0);
      long step = steps.isPresent() ? steps.get()[i] : 1;
      Dim size = n.shape(0).dim(axis);
      if (!size.isFixed()) {
        if (step != 1) {
          throw n.refuse("steps other than 1 along an axis of unknown size");
        }
        open.add(new Placed(axis, starts[i]));
        continue;
      }
      SliceRange range = SliceRange.of(size.size(), starts[i], ends[i], step);
      image = spread(image, axis, range);
      long first = step > 0 ? range.start() : range.start() + (range.count() - 1) * step;
      long spread = range.count() == 0 ? 0 : (range.count() - 1) * Math.abs(step) + 1;
      pads[axis] = range.count() == 0 ? 0 : first;
      pads[axis + n.rank(0)] = size.size() - pads[axis] - spread;
    }
    String padded = e.pad(image, pads);
    for (Placed placed : open) {
      padded = placed(padded, placed);
    }
    return padded;
  }

  private record Placed(int axis, long start) {}

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
    String whole = e.node("Reshape", e.pad(single, gaps), e.concat(sizes, 0));
    return e.slice(whole, axis, e.integers(0), e.integers((range.count() - 1) * distance + 1));
  }

  /** Zeros around a piece of an axis whose size is only known when the graph runs. */
  private String placed(String value, Placed placed) {
    int axis = placed.axis;
    if (e.opset() < 12) {
      throw n.refuse("an axis of unknown size needs opset 12 or later");
    }
    String size = e.size(n.in(0), axis);
    String start =
        placed.start >= 0
            ? e.node("Min", e.integers(placed.start), size)
            : e.node("Max", e.node("Add", size, e.integers(placed.start)), e.integers(0));
    String after = e.node("Sub", e.node("Sub", size, start), e.size(value, axis));
    List<String> pads = new ArrayList<>();
    for (int side = 0; side < 2; side++) {
      for (int i = 0; i < n.rank(0); i++) {
        pads.add(i != axis ? e.integers(0) : side == 0 ? start : after);
      }
    }
    return e.node("Pad", value, e.concat(pads, 0));
  }
}
