package io.github.cpsample.onnx.autodiff;

import io.github.cpsample.onnx.Attribute;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;

/**
 * The adjoint of gathering slices by index tuples: every slice gets the sum of the cotangents of
 * its copies. Leading batch axes are flattened into one, whose index is put before every tuple.
 */
final class GatherNdAdjoint {

  /** The first opset whose {@code ScatterND} can add. */
  private static final int SCATTER_ADDS = 16;

  private final NodeAdjoint n;
  private final Emitter e;
  private final int batch;

  GatherNdAdjoint(NodeAdjoint node) {
    this.n = node;
    this.e = node.emit();
    this.batch = Math.toIntExact(node.node().integer("batch_dims", 0));
    if (e.opset() < SCATTER_ADDS) {
      throw new NewerOpsetNeeded(SCATTER_ADDS, "adding at index tuples");
    }
  }

  String data() {
    if (batch == 0) {
      return sum(e.zerosLike(n.in(0)), n.in(1), n.cotangent());
    }
    String data = e.reshapeExactly(n.in(0), flattened(n.in(0), n.rank(0)));
    String tuples = e.reshapeExactly(n.in(1), flattened(n.in(1), n.rank(1)));
    String g =
        e.reshapeExactly(
            n.cotangent(),
            flattened(n.cotangent(), n.rank(1) + n.rank(0) - batch - 1 - tupleSize()));
    String sum = sum(e.zerosLike(data), e.concat(List.of(rows(tuples), tuples), -1), g);
    return e.reshapeLike(sum, n.in(0));
  }

  private String sum(String zeros, String tuples, String values) {
    return e.node(
        "ScatterND", List.of(zeros, tuples, values), Attribute.string("reduction", "add"));
  }

  private int tupleSize() {
    return Math.toIntExact(n.fixedSizes(n.shape(1), n.rank(1) - 1)[0]);
  }

  /** The sizes with all batch axes as one. */
  private String flattened(String value, int rank) {
    String count = e.integers(-1);
    if (!e.hasElements(value)) {
      count = e.size(value, 0);
      for (int i = 1; i < batch; i++) {
        count = e.mul(count, e.size(value, i));
      }
    }
    List<String> sizes = new ArrayList<>(List.of(count));
    for (int i = batch; i < rank; i++) {
      sizes.add(e.size(value, i));
    }
    return e.concat(sizes, 0);
  }

  /** The batch index of every tuple [batch, ..., 1]. */
  private String rows(String tuples) {
    int rank = n.rank(1) - batch + 1;
    List<String> sizes = new ArrayList<>();
    for (int i = 0; i < rank - 1; i++) {
      sizes.add(e.size(tuples, i));
    }
    sizes.add(e.integers(1));
    long[] column = LongStream.generate(() -> 1).limit(rank).toArray();
    column[0] = -1;
    String index = new Indices(e).range(e.size(tuples, 0));
    return e.expand(e.reshape(index, column), e.concat(sizes, 0));
  }
}
