package io.github.cpsample.onnx.autodiff;

import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/**
 * {@code Col2Im}, which adds columns [N, C taps, places] to images. An element of a column gets the
 * g of the pixel that it was added to; what fell into the padding gets nothing. Sizes may only be
 * known when the graph runs.
 */
final class ColumnsRule implements AdjointRule {

  @Override
  public void apply(NodeAdjoint n) {
    n.give(0, () -> new Columns(n).gathered());
  }

  /** One use of the operator. */
  private static final class Columns {

    private final NodeAdjoint n;
    private final Emitter e;
    private final int space;

    Columns(NodeAdjoint node) {
      this.n = node;
      this.e = node.emit();
      String counted = e.shape(n.in(1)).isPresent() ? n.in(1) : n.in(2);
      this.space =
          e.shape(counted)
              .filter(shape -> shape.rank() == 1 && shape.dim(0).isFixed())
              .map(shape -> Math.toIntExact(shape.dim(0).size()))
              .orElseThrow(() -> n.refuse("the number of its axes is only known when it runs"));
    }

    String gathered() {
      String planes = e.slice(e.shapeOf(n.cotangent()), 0, e.integers(0), e.integers(2));
      String size = e.reduce("ReduceProd", n.in(1), true, 0);
      String flat = e.reshapeExactly(n.cotangent(), e.concat(List.of(planes, size), 0));
      String padded = e.pad(flat, 0, 0, 0, 0, 0, 1);
      String indices = e.reshape(pixels(size), -1);
      String taken = e.gather(padded, indices, 2);
      return e.reshapeLike(taken, n.in(0));
    }

    /** The pixel under every tap at every place; one behind the last for the padding. */
    private String pixels(String outside) {
      String index = e.integers(0);
      String inside = null;
      for (int i = 0; i < space; i++) {
        String at = coordinates(i);
        String size = element(n.in(1), i);
        String within = e.not(e.or(e.less(at, e.integers(0)), e.not(e.less(at, size))));
        inside = inside == null ? within : e.and(inside, within);
        index = e.add(e.mul(index, size), at);
      }
      return e.where(Objects.requireNonNull(inside, "axes"), index, outside);
    }

    /** Along an axis, broadcast to taps of all axes and then places of all axes. */
    private String coordinates(int axis) {
      long stride = list("strides", axis, 1);
      long dilation = list("dilations", axis, 1);
      long[] pads = n.node().ints("pads").orElse(new long[2 * space]);
      String taps = element(n.in(2), axis);
      String reach = e.mul(e.sub(taps, e.integers(1)), e.integers(dilation));
      String room = e.sub(element(n.in(1), axis), reach);
      String moves = e.add(room, e.integers(pads[axis] + pads[space + axis] - 1));
      String count = e.add(e.div(moves, e.integers(stride)), e.integers(1));
      Indices indices = new Indices(e);
      String starts = e.mul(indices.range(count), e.integers(stride));
      String within = e.mul(indices.range(taps), e.integers(dilation));
      String moved = e.sub(shaped(starts, space + axis), e.integers(pads[axis]));
      return e.add(shaped(within, axis), moved);
    }

    private long list(String attribute, int axis, long otherwise) {
      return n.node().ints(attribute).map(values -> values[axis]).orElse(otherwise);
    }

    private String element(String vector, int index) {
      return e.gather(vector, e.integers(index));
    }

    private String shaped(String vector, int axis) {
      long[] form = new long[2 * space];
      Arrays.fill(form, 1);
      form[axis] = -1;
      return e.reshape(vector, form);
    }
  }
}
