package io.github.cpsample.onnx.autodiff;

import io.github.cpsample.onnx.ElementType;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Scaled dot-product attention written out: softmax(scale Q K^T + mask) V, heads being an axis, or
 * packed into the last one; keys and values may be shared by several heads, and come behind those
 * of the past. Rows all of whose keys are masked give 0.
 */
final class AttentionParts {

  private static final int MASK = 3;
  private static final int PAST_KEY = 4;
  private static final int PAST_VALUE = 5;
  private static final int USED_LENGTH = 6;

  private final NodeAdjoint n;
  private final Emitter e;
  private final boolean packed;

  AttentionParts(NodeAdjoint node) {
    this.n = node;
    this.e = node.emit();
    this.packed = node.rank(0) == 3;
  }

  List<String> outputs() {
    String query = heads(0, "q_num_heads");
    String key = behind(PAST_KEY, heads(1, "kv_num_heads"));
    String value = behind(PAST_VALUE, heads(2, "kv_num_heads"));
    List<String> scores = new ArrayList<>();
    String product =
        e.matMul(scaled(query, query), e.transpose(shared(scaled(key, query), query), 0, 1, 3, 2));
    scores.add(product);
    String capped = capped(product);
    String biased = biased(capped, key);
    scores.add(capped);
    String forbidden = forbidden(query, key);
    scores.add(
        forbidden == null
            ? biased
            : e.where(forbidden, e.scalar(Double.NEGATIVE_INFINITY, biased), biased));
    String probabilities = softmax(biased, forbidden);
    scores.add(probabilities);
    String result = e.matMul(probabilities, shared(value, query));
    if (packed) {
      result = e.reshape(e.transpose(result, 0, 2, 1, 3), 0, 0, -1);
    }
    int shown = (int) n.node().integer("qk_matmul_output_mode", 0);
    return List.of(result, key, value, scores.get(shown));
  }

  /** An input as [batch, heads, sequence, elements]. */
  private String heads(int input, String count) {
    if (!packed) {
      return n.in(input);
    }
    String parted = e.reshape(n.in(input), 0, 0, n.node().integer(count, 1), -1);
    return e.transpose(parted, 0, 2, 1, 3);
  }

  private String behind(int past, String value) {
    return n.node().hasInput(past) ? e.concat(List.of(n.in(past), value), 2) : value;
  }

  /** Times the root of the scale, which is 1 / sqrt(elements of a query) where none is given. */
  private String scaled(String value, String query) {
    if (n.node().attribute("scale").isPresent()) {
      return e.scale(value, Math.sqrt(n.node().decimal("scale", 1)), n.in(0));
    }
    String size = e.cast(e.size(query, 3), e.type(n.in(0)));
    return e.div(value, e.sqrt(e.sqrt(size)));
  }

  /** Keys or values once for every head that shares them. */
  private String shared(String value, String query) {
    boolean same =
        e.shape(value)
            .flatMap(v -> e.shape(query).map(q -> q.dim(1).certainlyEquals(v.dim(1))))
            .orElse(false);
    if (same) {
      return value;
    }
    String own = e.size(value, 1);
    String copies = e.div(e.size(query, 1), own);
    String length = e.size(value, 2);
    String size = e.size(value, 3);
    String batch = e.size(value, 0);
    String repeated =
        e.expand(e.unsqueeze(value, 2), e.concat(List.of(batch, own, copies, length, size), 0));
    return e.reshape(repeated, e.concat(List.of(batch, e.size(query, 1), length, size), 0));
  }

  private String capped(String scores) {
    double cap = n.node().decimal("softcap", 0);
    return cap == 0 ? scores : e.scale(e.tanh(e.scale(scores, 1 / cap, n.in(0))), cap, n.in(0));
  }

  private boolean hasNumbers() {
    return n.node().hasInput(MASK) && e.type(n.in(MASK)) != ElementType.BOOL;
  }

  private String biased(String scores, String key) {
    return hasNumbers() ? e.add(scores, wide(n.in(MASK), key, e.scalar(0, n.in(MASK)))) : scores;
  }

  /** A mask for all keys: one that ends before them forbids the rest. */
  private String wide(String mask, String key, String rest) {
    int rank = n.rank(MASK);
    boolean whole =
        e.shape(key).map(k -> k.dim(2).certainlyEquals(n.shape(MASK).dim(-1))).orElse(false);
    if (whole) {
      return mask;
    }
    List<String> sizes = new ArrayList<>();
    for (int i = 0; i < rank - 1; i++) {
      sizes.add(e.size(mask, i));
    }
    sizes.add(missing(mask, key, rank));
    return e.concat(List.of(mask, e.expand(rest, e.concat(sizes, 0))), rank - 1);
  }

  private String missing(String mask, String key, int rank) {
    return e.sub(e.size(key, 2), e.size(mask, rank - 1));
  }

  /**
   * Where a query may not look at a key, in a form that broadcasts to the scores; null: nowhere.
   */
  private @Nullable String forbidden(String query, String key) {
    List<String> reasons = new ArrayList<>();
    String column = e.unsqueeze(new Indices(e).range(e.size(key, 2)), 0, 1, 2);
    if (n.node().hasInput(MASK)) {
      if (!hasNumbers()) {
        String no = e.less(e.integers(0), e.integers(0));
        reasons.add(e.not(wide(n.in(MASK), key, no)));
      } else {
        String infinite = e.scalar(Double.NEGATIVE_INFINITY, n.in(MASK));
        String mask = wide(n.in(MASK), key, infinite);
        reasons.add(e.not(e.greater(mask, infinite)));
      }
    }
    String length =
        n.node().hasInput(USED_LENGTH) ? e.reshape(n.in(USED_LENGTH), -1, 1, 1, 1) : null;
    if (length != null) {
      reasons.add(e.not(e.less(column, length)));
    }
    if (n.node().integer("is_causal", 0) != 0) {
      String row = e.unsqueeze(new Indices(e).range(e.size(query, 2)), 0, 1, 3);
      String before =
          length != null
              ? e.sub(length, e.size(query, 2))
              : n.node().hasInput(PAST_KEY) ? e.size(n.in(PAST_KEY), 2) : e.integers(0);
      reasons.add(e.greater(column, e.add(row, before)));
    }
    return reasons.stream().reduce((a, b) -> e.or(a, b)).orElse(null);
  }

  private String softmax(String scores, @Nullable String forbidden) {
    if (forbidden == null) {
      return e.softmax(scores, -1);
    }
    String all = e.expand(forbidden, e.shapeOf(scores));
    String allowed = e.cast(e.not(all), e.type(scores));
    String any = e.greater(e.reduce("ReduceMax", allowed, true, 3), e.scalar(0.5, scores));
    String hidden = e.where(all, e.scalar(-1e30, scores), scores);
    String safe = e.where(any, hidden, e.scalar(0, scores));
    return e.where(any, e.softmax(safe, -1), e.scalar(0, scores));
  }
}
