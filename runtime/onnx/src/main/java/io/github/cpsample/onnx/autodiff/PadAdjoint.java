package io.github.cpsample.onnx.autodiff;

import io.github.cpsample.onnx.Attribute;
import io.github.cpsample.onnx.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.LongStream;

/**
 * The adjoint of putting something around an image.
 *
 * <p>Constants: the image without what was put around it, and zeros where something was cut off;
 * the constant gets the sum of what was put around. Copies of the image's own pixels (reflect,
 * edge, wrap): along every padded axis y = P x, so x gets P^T g; P is found by padding the identity
 * matrix with the very operator, so that every mode is exact.
 */
final class PadAdjoint {

  /** The first opset whose Pad takes its pads as an input. */
  private static final int PADS_AS_INPUT = 11;

  private final NodeAdjoint n;
  private final Emitter e;
  private final String mode;

  PadAdjoint(NodeAdjoint node) {
    this.n = node;
    this.e = node.emit();
    this.mode = node.node().string("mode", "constant");
  }

  void apply() {
    boolean constant = mode.equals("constant");
    n.give(0, () -> constant ? image() : folded());
    if (constant) {
      n.give(2, this::surroundings);
    }
  }

  private String image() {
    boolean open = n.node().hasInput(1) && e.integersOf(n.in(1)).isEmpty();
    if (open) {
      List<String> inputs = new ArrayList<>(List.of(n.cotangent(), e.neg(n.in(1))));
      if (n.node().hasInput(3)) {
        inputs.addAll(List.of("", n.in(3)));
      }
      return e.node("Pad", inputs.toArray(String[]::new));
    }
    long[] pads = pads();
    if (e.opset() >= 10 && LongStream.of(pads).allMatch(p -> p >= 0)) {
      return cropped(pads);
    }
    return e.pad(n.cotangent(), LongStream.of(pads).map(p -> -p).toArray());
  }

  /** The pads of all axes: begins, then ends. */
  private long[] pads() {
    long[] given = n.argument("pads", 1).orElseThrow(() -> n.refuse("it has no pads"));
    int rank = n.rank(0);
    long[] axes =
        n.node().hasInput(3)
            ? e.integersOf(n.in(3)).orElseThrow(() -> n.refuse("expected constant axes"))
            : LongStream.range(0, rank).toArray();
    long[] pads = new long[2 * rank];
    for (int i = 0; i < axes.length; i++) {
      int axis = n.axis(axes[i], 0);
      pads[axis] = given[i];
      pads[axis + rank] = given[i + axes.length];
    }
    return pads;
  }

  private String cropped(long... pads) {
    Shape shape = n.shape(0);
    int rank = shape.rank();
    long[] axes =
        LongStream.range(0, rank).filter(i -> pads[(int) i] + pads[(int) i + rank] > 0).toArray();
    if (axes.length == 0) {
      return n.cotangent();
    }
    long[] starts = LongStream.of(axes).map(a -> pads[(int) a]).toArray();
    long[] ends =
        LongStream.of(axes)
            .map(a -> pads[(int) a + rank] == 0 ? Integer.MAX_VALUE : -pads[(int) a + rank])
            .toArray();
    return e.node("Slice", n.cotangent(), e.integers(starts), e.integers(ends), e.integers(axes));
  }

  /** What all of g sums up to, less what the image got. */
  private String surroundings() {
    String inside = total(image());
    return e.reshapeLike(e.sub(total(n.cotangent()), inside), n.in(2));
  }

  private String total(String value) {
    return e.reduce("ReduceSum", e.reshape(value, -1), true, 0);
  }

  private String folded() {
    long[] pads = pads();
    int rank = n.rank(0);
    String g = n.cotangent();
    for (int axis = 0; axis < rank; axis++) {
      if (pads[axis] != 0 || pads[axis + rank] != 0) {
        String matrix = matrix(e.size(n.in(0), axis), pads[axis], pads[axis + rank]);
        g = new Indices(e).product(g, matrix, axis, rank);
      }
    }
    return g;
  }

  /** P [out, in]. */
  private String matrix(String size, long before, long after) {
    String identity = new Indices(e).identity(size, n.in(0));
    Attribute same = Attribute.string("mode", mode);
    Optional<String> input =
        e.opset() < PADS_AS_INPUT ? Optional.empty() : Optional.of(e.integers(before, 0, after, 0));
    return input.isPresent()
        ? e.node("Pad", List.of(identity, input.get()), same)
        : e.node("Pad", List.of(identity), same, Attribute.ints("pads", before, 0, after, 0));
  }
}
