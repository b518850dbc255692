package io.github.cpsample.onnx.autodiff;

import io.github.cpsample.onnx.Dim;
import io.github.cpsample.onnx.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/**
 * The adjoint of gathering along an axis: every element gets the sum of the cotangents of its
 * copies. Where the indices are constant, a gather goes back as well, from g with zeros at its end,
 * once for the first copy of every element, once for the second, and so on. Else scattering adds.
 */
final class GatherAdjoint {

  /** More copies than that of one element are scattered. */
  private static final int MOST_COPIES = 16;

  private final NodeAdjoint n;
  private final Emitter e;
  private final int axis;

  GatherAdjoint(NodeAdjoint node) {
    this.n = node;
    this.e = node.emit();
    this.axis = node.axis(node.node().integer("axis", 0), 0);
  }

  String data() {
    Optional<long[]> indices = e.integersOf(n.in(1));
    Dim size = n.shape(0).dim(axis);
    String flat = flat();
    if (indices.isPresent() && size.isFixed()) {
      List<long[]> copies = copies(indices.get(), size.size());
      if (copies.size() <= MOST_COPIES) {
        return gathered(flat, copies, indices.get().length);
      }
    }
    return scattered(flat);
  }

  /** g with the axes of the indices flattened into one. */
  private String flat() {
    int indexRank = n.rank(1);
    if (indexRank == 1) {
      return n.cotangent();
    }
    if (indexRank == 0) {
      return e.unsqueeze(n.cotangent(), axis);
    }
    Shape indices = n.shape(1);
    String count =
        indices.isFixed()
            ? e.integers(LongStream.of(indices.sizes()).reduce(1, Math::multiplyExact))
            : e.reshape(e.node("Size", n.in(1)), 1);
    List<String> sizes = new ArrayList<>();
    for (int i = 0; i < n.rank(0); i++) {
      sizes.add(i == axis ? count : e.size(n.in(0), i));
    }
    return e.reshapeExactly(n.cotangent(), e.concat(sizes, 0));
  }

  /** For every element where its first copy is in g, its second, ...; past the end for none. */
  private List<long[]> copies(long[] indices, long size) {
    if (size > Appender.LARGEST_CONSTANT) {
      throw n.refuse("its data is too large");
    }
    int[] seen = new int[(int) size];
    List<long[]> copies = new ArrayList<>();
    for (int i = 0; i < indices.length; i++) {
      int element = (int) (indices[i] < 0 ? indices[i] + size : indices[i]);
      int copy = seen[element]++;
      if (copy > MOST_COPIES) {
        continue;
      }
      if (copy == copies.size()) {
        copies.add(LongStream.generate(() -> indices.length).limit(size).toArray());
      }
      copies.get(copy)[element] = i;
    }
    return copies;
  }

  private String gathered(String flat, List<long[]> copies, int end) {
    if (copies.isEmpty()) {
      return e.zerosLike(n.in(0));
    }
    boolean complete =
        copies.stream().allMatch(places -> LongStream.of(places).allMatch(p -> p != end));
    long[] pads = new long[2 * n.rank(0)];
    pads[n.rank(0) + axis] = complete ? 0 : 1;
    String source = e.pad(flat, pads);
    List<String> parts = new ArrayList<>();
    for (long[] places : copies) {
      boolean all =
          complete && places.length == end && IntStream.range(0, end).allMatch(i -> places[i] == i);
      parts.add(all ? source : e.gather(source, e.integers(places), axis));
    }
    return parts.size() == 1 ? parts.get(0) : e.node("Sum", parts);
  }

  private String scattered(String flat) {
    long[] form = LongStream.generate(() -> 1).limit(n.rank(0)).toArray();
    form[axis] = -1;
    String places = e.reshape(n.in(1), form);
    String expanded = e.expand(places, e.fullShapeOf(flat));
    return e.scatterSum(e.zerosLike(n.in(0)), expanded, flat, axis);
  }
}
