package io.github.cpsample.onnx.autodiff;

import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;

/** Operators of transformers that are made of simpler ones, as the standard defines them. */
final class TransformerRules {

  private TransformerRules() {}

  static void addTo(Map<String, AdjointRule> rules) {
    rules.put("RMSNormalization", new DecomposedRule(TransformerRules::rootMeanSquare));
    rules.put("RotaryEmbedding", new DecomposedRule(TransformerRules::rotary));
    rules.put("Attention", new DecomposedRule((e, n) -> new AttentionParts(n).outputs()));
  }

  /** y = scale x / sqrt(mean of x^2 over the axes from {@code axis} on + epsilon). */
  private static List<String> rootMeanSquare(Emitter e, NodeAdjoint n) {
    int axis = n.axis(n.node().integer("axis", -1), 0);
    long[] axes = LongStream.range(axis, n.rank(0)).toArray();
    String x = n.in(0);
    String square = e.reduce("ReduceMean", e.mul(x, x), true, axes);
    String epsilon = e.scalar(n.node().decimal("epsilon", 1e-5f), x);
    String root = e.sqrt(e.add(square, epsilon));
    return List.of(e.mul(e.div(x, root), n.in(1)));
  }

  /**
   * Pairs of elements turned by angles: (a, b) becomes (a cos - b sin, a sin + b cos). Pairs are
   * neighbours, or lie half of the turned elements apart.
   */
  private static List<String> rotary(Emitter e, NodeAdjoint n) {
    boolean flat = n.rank(0) == 3;
    String x = heads(e, n);
    long size = n.node().integer("rotary_embedding_dim", 0);
    String all = e.size(x, 3);
    String turned = size == 0 ? all : e.integers(size);
    String half = size == 0 ? e.div(all, e.integers(2)) : e.integers(size / 2);
    String turning = e.slice(x, 3, e.integers(0), turned);
    String cos = e.slice(angles(e, n, 1), 3, e.integers(0), half);
    String sin = e.slice(angles(e, n, 2), 3, e.integers(0), half);
    boolean neighbours = n.node().integer("interleaved", 0) != 0;
    String a = neighbours ? every(e, turning, 0) : e.slice(turning, 3, e.integers(0), half);
    String b = neighbours ? every(e, turning, 1) : e.slice(turning, 3, half, turned);
    String first = e.sub(e.mul(cos, a), e.mul(sin, b));
    String second = e.add(e.mul(sin, a), e.mul(cos, b));
    String pairs =
        neighbours
            ? e.reshape(
                e.concat(List.of(e.unsqueeze(first, 4), e.unsqueeze(second, 4)), 4), 0, 0, 0, -1)
            : e.concat(List.of(first, second), 3);
    String result = size == 0 ? pairs : e.concat(List.of(pairs, e.slice(x, 3, turned, all)), 3);
    return List.of(flat ? e.reshapeLike(result, n.in(0)) : e.transpose(result, 0, 2, 1, 3));
  }

  /** x as [batch, sequence, heads, elements]. */
  private static String heads(Emitter e, NodeAdjoint n) {
    return n.rank(0) == 3
        ? e.reshape(n.in(0), 0, 0, n.node().integer("num_heads", 1), -1)
        : e.transpose(n.in(0), 0, 2, 1, 3);
  }

  /** Cosines (1) or sines (2) as [batch, sequence, 1, pairs]. */
  private static String angles(Emitter e, NodeAdjoint n, int input) {
    String table = n.in(input);
    return e.unsqueeze(n.node().hasInput(3) ? e.gather(table, n.in(3)) : table, 2);
  }

  private static String every(Emitter e, String value, long start) {
    return e.node(
        "Slice",
        value,
        e.integers(start),
        e.integers(Integer.MAX_VALUE),
        e.integers(3),
        e.integers(2));
  }
}
