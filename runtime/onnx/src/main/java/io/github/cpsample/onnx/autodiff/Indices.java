package io.github.cpsample.onnx.autodiff;

import io.github.cpsample.onnx.Attribute;
import io.github.cpsample.onnx.Tensor;
import java.util.List;
import java.util.Optional;
import java.util.stream.LongStream;

/** Index vectors and what is made of them, for sizes that may only be known when the graph runs. */
final class Indices {

  /** Larger sizes are not written out as constants. */
  private static final long LARGEST_CONSTANT = 4096;

  /** The first opset that has {@code Range}. */
  private static final int RANGE = 11;

  private final Emitter e;

  Indices(Emitter emitter) {
    this.e = emitter;
  }

  /**
   * The numbers from 0 on.
   *
   * @param size how many; int64, one element
   * @return int64 [size]
   */
  String range(String size) {
    Optional<long[]> known = e.integersOf(size).filter(s -> s[0] <= LARGEST_CONSTANT);
    if (known.isPresent()) {
      return e.integers(LongStream.range(0, known.get()[0]).toArray());
    }
    if (e.opset() < 9) {
      throw new NewerOpsetNeeded(9, "counting up to what is only known when the graph runs");
    }
    if (e.opset() < RANGE) {
      Attribute one = Attribute.tensor("value", Tensor.of(new long[] {1}, 1));
      String places = e.node("NonZero", e.node("ConstantOfShape", List.of(size), one));
      return e.reshape(places, -1);
    }
    String end = e.node("Squeeze", size);
    return e.node("Range", scalar(0), end, scalar(1));
  }

  private String scalar(long value) {
    return e.appender().shared("index " + value, () -> Tensor.of(new long[] {value}));
  }

  /** The identity matrix [size, size], of the element type of another value. */
  String identity(String size, String like) {
    Optional<long[]> known = e.integersOf(size).filter(s -> s[0] <= LARGEST_CONSTANT);
    if (known.isPresent()) {
      int count = (int) known.get()[0];
      double[] values = new double[count * count];
      for (int i = 0; i < count; i++) {
        values[i * count + i] = 1;
      }
      return e.constant(like, "identity " + count, values, count, count);
    }
    String index = range(size);
    String equal = e.equal(e.unsqueeze(index, 1), e.unsqueeze(index, 0));
    return e.cast(equal, e.type(like));
  }

  /** Multiplies along one axis, from the right, with a matrix [size of the axis, new size]. */
  String product(String value, String matrix, int axis, int rank) {
    long[] order = LongStream.range(0, rank).toArray();
    order[axis] = rank - 1L;
    order[rank - 1] = axis;
    long[] back = order;
    if (axis == rank - 2 && !e.hasElements(value)) {
      // ONNX Runtime makes one operation of exchanging the last two axes and the product, which
      // refuses stacks of no matrices: all axes are rotated instead
      order = LongStream.range(0, rank).map(i -> (i + rank - 1) % rank).toArray();
      back = LongStream.range(0, rank).map(i -> (i + 1) % rank).toArray();
    }
    return e.transpose(e.matMul(e.transpose(value, order), matrix), back);
  }

  /**
   * Puts slices along an axis where they belong; places that get none stay 0.
   *
   * @param slices has as many elements along the axis as there are places
   * @param places int64 vector of indices into the result, without repetitions
   * @param size of the axis of the result; int64, one element
   */
  String place(String slices, String places, String size, int axis, int rank) {
    long[] form = LongStream.generate(() -> 1).limit(rank).toArray();
    form[axis] = -1;
    String column = e.reshape(places, form);
    String expanded = e.expand(column, e.fullShapeOf(slices));
    String zeros = new ZeroPadding(e).zeros(slices, axis, size, rank);
    return e.scatter(zeros, expanded, slices, axis);
  }
}
