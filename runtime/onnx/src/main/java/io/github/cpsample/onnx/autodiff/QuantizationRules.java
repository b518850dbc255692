package io.github.cpsample.onnx.autodiff;

import io.github.cpsample.onnx.ElementType;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;

/** What makes numbers of quantised ones; the scale alone has a derivative. */
final class QuantizationRules {

  private QuantizationRules() {}

  static void addTo(Map<String, AdjointRule> rules) {
    rules.put("DequantizeLinear", new DecomposedRule(QuantizationRules::numbers));
  }

  /** (x - zero point) scale; both along an axis, or for blocks of it, or for all. */
  private static List<String> numbers(Emitter e, NodeAdjoint n) {
    ElementType type = e.type(n.in(1));
    String x = e.cast(n.in(0), type);
    if (n.node().hasInput(2)) {
      x = e.sub(x, spread(e, n, e.cast(n.in(2), type)));
    }
    return List.of(e.mul(x, spread(e, n, n.in(1))));
  }

  /** Parameters of a quantisation in the form that broadcasts to what is quantised. */
  static String spread(Emitter e, NodeAdjoint n, String values) {
    int rank = n.rank(0);
    if (n.rank(1) == 0
        || e.shape(n.in(1)).filter(s -> s.rank() == 1 && s.dim(0).size() == 1).isPresent()) {
      return values;
    }
    int axis = n.axis(n.node().integer("axis", 1), 0);
    long block = n.node().integer("block_size", 0);
    if (block == 0) {
      List<Long> form = new ArrayList<>(Collections.nCopies(rank, 1L));
      form.set(axis, -1L);
      return e.reshape(values, form.stream().mapToLong(Long::longValue).toArray());
    }
    List<String> repeated = new ArrayList<>();
    List<String> whole = new ArrayList<>();
    for (int i = 0; i < rank; i++) {
      String size = e.size(n.in(1), i);
      repeated.add(size);
      whole.add(i == axis ? e.mul(size, e.integers(block)) : size);
      if (i == axis) {
        repeated.add(e.integers(block));
      }
    }
    String copies = e.expand(e.unsqueeze(values, axis + 1L), e.concat(repeated, 0));
    String all = e.reshape(copies, e.concat(whole, 0));
    return e.slice(all, axis, e.integers(0), e.size(n.in(0), axis));
  }
}
