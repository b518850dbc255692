package io.github.cpsample.onnx.autodiff;

import io.github.cpsample.onnx.ElementType;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/** Normalisations; g is the cotangent, h the standardised input, y the output. */
final class NormalizationRules {

  private NormalizationRules() {}

  static void addTo(Map<String, AdjointRule> rules) {
    rules.put("BatchNormalization", new BatchNormalizationRule());
    rules.put("InstanceNormalization", NormalizationRules::instance);
    // the adjoint of standardising over the axes, whose rate is 1 / (deviation + 1e-9)
    UnaryRules.put(
        rules,
        "MeanVarianceNormalization",
        (e, n) -> {
          long[] axes = n.node().ints("axes").orElse(new long[] {0, 2, 3});
          int rank = n.rank(0);
          long[] counted = LongStream.of(axes).map(a -> a < 0 ? a + rank : a).toArray();
          return new Standardised(e, n.in(0), counted).adjoint(n.cotangent(), 1e-18);
        });
    rules.put("GroupNormalization", NormalizationRules::group);
    rules.put("LayerNormalization", AdjointRule.ofAllOutputs(NormalizationRules::layer));
  }

  private static double epsilon(NodeAdjoint n) {
    return n.node().decimal("epsilon", 1e-5f);
  }

  /** A vector over channels in the form that broadcasts to [N, C, ...]. */
  static String perChannel(Emitter e, String vector, int rank) {
    long[] sizes = LongStream.generate(() -> 1).limit(Math.max(1, rank - 1)).toArray();
    sizes[0] = -1;
    return rank == 2 ? vector : e.reshape(vector, sizes);
  }

  /**
   * y = scale h + bias with h standardised over space, per sample and channel. x: the adjoint of
   * standardising at g scale; scale: sum of g h, bias: sum of g, over batch and space.
   */
  private static void instance(NodeAdjoint n) {
    Emitter e = n.emit();
    int rank = n.rank(0);
    long[] others = LongStream.range(0, rank).filter(i -> i != 1).toArray();
    Standardised rows = new Standardised(e, e.reshape(n.in(0), 0, 0, -1));
    n.give(
        0,
        () -> {
          String g = e.mul(n.cotangent(), perChannel(e, n.in(1), rank));
          return e.reshapeLike(rows.adjoint(toRows(n, g), epsilon(n)), n.in(0));
        });
    n.give(
        1,
        () -> {
          String product = e.mul(toRows(n, n.cotangent()), rows.values(epsilon(n)));
          return e.reduce("ReduceSum", product, false, 0, 2);
        });
    n.give(2, () -> e.reduce("ReduceSum", n.cotangent(), false, others));
  }

  private static String toRows(NodeAdjoint n, String value) {
    return n.emit().reshape(value, 0, 0, -1);
  }

  /**
   * y = scale h + bias with h standardised over groups of channels and space; scale and bias are
   * per channel (opset 21) or per group (opset 18). x: the adjoint of standardising at g scale;
   * scale: sum of g h, bias: sum of g, each over what it does not tell apart.
   */
  private static void group(NodeAdjoint n) {
    Emitter e = n.emit();
    boolean perGroup = e.opset() < 21;
    long groups = n.node().integer("num_groups", 1);
    String form = e.integers(0, groups, -1);
    Standardised rows = new Standardised(e, e.reshape(n.in(0), form));
    n.give(
        0,
        () -> {
          String scaled =
              perGroup
                  ? e.mul(e.reshape(n.cotangent(), form), perChannel(e, n.in(1), 3))
                  : e.reshape(e.mul(n.cotangent(), perChannel(e, n.in(1), n.rank(0))), form);
          return e.reshapeLike(rows.adjoint(scaled, epsilon(n)), n.in(0));
        });
    String g = perGroup ? e.reshape(n.cotangent(), form) : n.cotangent();
    int rank = perGroup ? 3 : n.rank(0);
    long[] others = LongStream.range(0, rank).filter(i -> i != 1).toArray();
    n.give(
        1,
        () -> {
          String values = rows.values(epsilon(n));
          String h = perGroup ? values : e.reshapeLike(values, n.in(0));
          return e.reduce("ReduceSum", e.mul(g, h), false, others);
        });
    n.give(2, () -> e.reduce("ReduceSum", g, false, others));
  }

  /**
   * y = scale h + bias with h standardised over the axes from {@code axis} on. x: the adjoint of
   * standardising at g scale; scale: g h, bias: g, summed to their shapes.
   */
  private static void layer(NodeAdjoint n) {
    Emitter e = n.emit();
    int axis = n.axis(n.node().integer("axis", -1), 0);
    long[] axes = LongStream.range(axis, n.rank(0)).toArray();
    if (n.cotangent() == null || n.hasFurtherCotangents()) {
      new DecomposedRule((emitter, node) -> parts(emitter, node, axes)).apply(n);
      return;
    }
    Standardised rows = new Standardised(e, n.in(0), axes);
    if (e.type(n.in(0)) == ElementType.FLOAT) {
      rows = rows.withMoments(() -> moment(n, 1), () -> moment(n, 2));
    }
    Standardised standardised = rows;
    n.give(0, () -> standardised.adjoint(e.mul(n.cotangent(), n.in(1)), epsilon(n)));
    n.giveUnbroadcast(1, () -> e.mul(n.cotangent(), standardised.values(epsilon(n))));
    n.giveUnbroadcast(2, n::cotangent);
  }

  /** Written out, for those whose mean and rate are used as well. */
  private static List<String> parts(Emitter e, NodeAdjoint n, long... axes) {
    String x = n.in(0);
    String mean = e.reduce("ReduceMean", x, true, axes);
    String centred = e.sub(x, mean);
    String variance = e.reduce("ReduceMean", e.mul(centred, centred), true, axes);
    String deviation = e.sqrt(e.add(variance, e.scalar(epsilon(n), x)));
    String rate = e.node("Reciprocal", deviation);
    String scaled = e.mul(e.mul(centred, rate), n.in(1));
    String y = n.node().hasInput(2) ? e.add(scaled, n.in(2)) : scaled;
    return List.of(y, mean, rate);
  }

  /** Mean (1) or inverse deviation (2), which the operator gives besides. */
  private static String moment(NodeAdjoint n, int output) {
    return n.emit().furtherOutput(n.node(), output, ElementType.FLOAT);
  }

  /**
   * A value x standardised over its last axes, h = (x - mean) rate with rate = 1 / sqrt(var +
   * epsilon), and the adjoint of that: x: rate (g - mean(g) - h mean(g h)).
   */
  private static final class Standardised {

    private final Emitter e;
    private final String x;
    private final long[] axes;
    private final @Nullable Supplier<String> mean;
    private final @Nullable Supplier<String> rate;

    /** Over the last axis of rows [N, C, L]. */
    Standardised(Emitter emitter, String rows) {
      this(emitter, rows, 2);
    }

    Standardised(Emitter emitter, String x, long... axes) {
      this(emitter, x, null, null, axes);
    }

    private Standardised(
        Emitter emitter,
        String x,
        @Nullable Supplier<String> mean,
        @Nullable Supplier<String> rate,
        long... axes) {
      this.e = emitter;
      this.x = x;
      this.axes = axes;
      this.mean = mean;
      this.rate = rate;
    }

    /** The same with mean and rate that are there already. */
    Standardised withMoments(Supplier<String> knownMean, Supplier<String> knownRate) {
      return new Standardised(e, x, knownMean, knownRate, axes);
    }

    private String centred() {
      return e.sub(x, mean == null ? e.reduce("ReduceMean", x, true, axes) : mean.get());
    }

    private String rate(double epsilon) {
      if (rate != null) {
        return rate.get();
      }
      String centred = centred();
      String variance = e.reduce("ReduceMean", e.mul(centred, centred), true, axes);
      String deviation = e.sqrt(e.add(variance, e.scalar(epsilon, x)));
      return e.node("Reciprocal", deviation);
    }

    /** h. */
    String values(double epsilon) {
      return e.mul(centred(), rate(epsilon));
    }

    /** The cotangent of x from that of h. */
    String adjoint(String g, double epsilon) {
      String h = values(epsilon);
      String slope = e.reduce("ReduceMean", e.mul(g, h), true, axes);
      String level = e.reduce("ReduceMean", g, true, axes);
      String rest = e.sub(e.sub(g, level), e.mul(h, slope));
      return e.mul(rest, rate(epsilon));
    }
  }
}
