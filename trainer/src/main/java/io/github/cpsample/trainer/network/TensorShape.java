package io.github.cpsample.trainer.network;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The shape of a tensor inside a network; {@link #BATCH} stands for the batch axis.
 *
 * @param axes the sizes
 */
public record TensorShape(List<Integer> axes) {

  /** The size of the batch axis: not known while a network is described. */
  public static final int BATCH = -1;

  public TensorShape {
    axes = List.copyOf(axes);
  }

  /**
   * A shape from its sizes.
   *
   * @param axes the sizes
   * @return the shape
   */
  public static TensorShape of(int... axes) {
    return new TensorShape(Arrays.stream(axes).boxed().toList());
  }

  int rank() {
    return axes.size();
  }

  int axis(int index) {
    return axes.get(index);
  }

  TensorShape with(int index, int size) {
    int[] changed = axes.stream().mapToInt(Integer::intValue).toArray();
    changed[index] = size;
    return of(changed);
  }

  /** Elements of one sample: the product of all axes but the batch axis. */
  long sampleSize() {
    return axes.stream()
        .filter(a -> a != BATCH)
        .mapToLong(Integer::longValue)
        .reduce(1, Math::multiplyExact);
  }

  static TensorShape broadcast(TensorShape a, TensorShape b) {
    int rank = Math.max(a.rank(), b.rank());
    return of(IntStream.range(0, rank).map(i -> broadcastAxis(a, b, rank - i)).toArray());
  }

  private static int broadcastAxis(TensorShape a, TensorShape b, int fromEnd) {
    int x = fromEnd > a.rank() ? 1 : a.axis(a.rank() - fromEnd);
    int y = fromEnd > b.rank() ? 1 : b.axis(b.rank() - fromEnd);
    if (x != y && x != 1 && y != 1) {
      throw new IllegalArgumentException(
          "Expected shapes that broadcast, found " + a.axes + " and " + b.axes);
    }
    return x == 1 ? y : x;
  }
}
