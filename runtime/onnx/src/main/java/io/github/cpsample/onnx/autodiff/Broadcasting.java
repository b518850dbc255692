package io.github.cpsample.onnx.autodiff;

import io.github.cpsample.onnx.Attribute;
import io.github.cpsample.onnx.Dim;
import io.github.cpsample.onnx.Shape;
import io.github.cpsample.onnx.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The adjoint of broadcasting: sums over the axes along which an operand was repeated. Resolved
 * while the graph is built as far as sizes are known, else while it runs.
 */
final class Broadcasting {

  /** The first opset whose sums take their axes as an input. */
  private static final int AXES_AS_INPUT = 13;

  private final Emitter e;

  Broadcasting(Emitter emitter) {
    this.e = emitter;
  }

  /**
   * Sums a cotangent down to the shape of an operand.
   *
   * @param cotangent has the shape of the result
   * @param operand what was broadcast
   * @param result what it was broadcast to
   */
  String sum(String cotangent, String operand, String result) {
    Optional<Shape> from = e.shape(operand);
    Optional<Shape> to = e.shape(result);
    if (from.isPresent() && to.isPresent()) {
      Optional<long[]> axes = axes(from.get(), to.get());
      if (axes.isPresent()) {
        return sumOver(cotangent, from.get(), to.get(), axes.get(), operand);
      }
      if (e.opset() < AXES_AS_INPUT) {
        return sumBlocks(cotangent, operand, from.get().rank(), to.get().rank());
      }
    } else if (e.opset() < AXES_AS_INPUT) {
      throw new NewerOpsetNeeded(AXES_AS_INPUT, "broadcasting of values of unknown rank");
    }
    return sumByShape(cotangent, operand);
  }

  private String sumOver(String cotangent, Shape from, Shape to, long[] axes, String operand) {
    boolean leadingOnly =
        axes.length > 0
            && from.rank() == to.rank() - axes.length
            && axes[axes.length - 1] == axes.length - 1;
    String sum = e.reduce("ReduceSum", cotangent, !leadingOnly, axes);
    return leadingOnly || from.rank() == to.rank() ? sum : e.reshapeLike(sum, operand);
  }

  /** The axes to sum over; empty where a size is not known well enough to tell. */
  private static Optional<long[]> axes(Shape from, Shape to) {
    List<Long> axes = new ArrayList<>();
    int missing = to.rank() - from.rank();
    for (int i = 0; i < to.rank(); i++) {
      if (i < missing) {
        axes.add((long) i);
        continue;
      }
      Dim small = from.dim(i - missing);
      Dim large = to.dim(i);
      if (small.size() == 1 && large.size() != 1) {
        axes.add((long) i);
      } else if (!small.isFixed() && !small.certainlyEquals(large)) {
        return Optional.empty();
      }
    }
    return Optional.of(axes.stream().mapToLong(Long::longValue).toArray());
  }

  /** Finds the axes while the graph runs, from the shapes themselves. */
  private String sumByShape(String cotangent, String operand) {
    String target = e.shapeOf(cotangent);
    String shape = e.shapeOf(operand);
    String missing = e.sub(e.shapeOf(target), e.shapeOf(shape));
    String ones =
        e.node(
            "ConstantOfShape",
            List.of(missing),
            Attribute.tensor("value", Tensor.of(new long[] {1}, 1)));
    String padded = e.concat(List.of(ones, shape), 0);
    String differs = e.not(e.equal(padded, target));
    String axes = e.reshape(e.node("NonZero", differs), -1);
    // an axis of one besides, since a sum over none goes wrong where there are no elements
    String behind = e.add(axes, e.integers(1));
    String all = e.concat(List.of(e.integers(0), behind), 0);
    String sum =
        e.node(
            "ReduceSum", List.of(e.unsqueeze(cotangent, 0), all), Attribute.integer("keepdims", 1));
    return e.reshapeExactly(sum, shape);
  }

  /**
   * Every axis split into the operand's size and how often it was repeated, then summed over the
   * repetitions: the same for older opsets, whose sums take no computed axes.
   */
  private String sumBlocks(String cotangent, String operand, int rank, int resultRank) {
    List<String> sizes = new ArrayList<>();
    long[] repeated = new long[resultRank];
    int missing = resultRank - rank;
    for (int i = 0; i < resultRank; i++) {
      String whole = e.size(cotangent, i);
      String own = i < missing ? e.integers(1) : e.size(operand, i - missing);
      sizes.add(own);
      sizes.add(e.div(whole, own));
      repeated[i] = 2L * i + 1;
    }
    String blocks = e.reshape(cotangent, e.concat(sizes, 0));
    return e.reshapeLike(e.reduce("ReduceSum", blocks, false, repeated), operand);
  }
}
