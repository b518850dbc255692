package io.github.cpsample.onnx.autodiff;

import io.github.cpsample.onnx.Shape;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.LongStream;

/** Normalisations and softmax; g is the cotangent, y the output. */
final class NormalizationRules {

  private NormalizationRules() {}

  static void addTo(Map<String, AdjointRule> rules) {
    // y (g - sum(g y)), the sum over the normalised axes
    rules.put(
        "Softmax",
        n ->
            n.give(
                0,
                () -> {
                  Emitter e = n.emit();
                  String sum = sumOverAxes(n, e.node("Mul", n.cotangent(), n.out()));
                  return e.node("Mul", n.out(), e.node("Sub", n.cotangent(), sum));
                }));
    // g - exp(y) sum(g)
    rules.put(
        "LogSoftmax",
        n ->
            n.give(
                0,
                () -> {
                  Emitter e = n.emit();
                  String sum = sumOverAxes(n, n.cotangent());
                  return e.node("Sub", n.cotangent(), e.node("Mul", e.node("Exp", n.out()), sum));
                }));
    rules.put("InstanceNormalization", NormalizationRules::instance);
    rules.put("BatchNormalization", NormalizationRules::batch);
  }

  /** Before opset 13 softmax normalised over all axes from {@code axis} on. */
  private static String sumOverAxes(NodeAdjoint n, String value) {
    int rank = n.shape(0).rank();
    boolean single = n.emit().opset() >= 13;
    long axis = n.node().integer("axis", single ? -1 : 1);
    long first = axis < 0 ? axis + rank : axis;
    long[] axes = single ? new long[] {first} : LongStream.range(first, rank).toArray();
    return n.emit().reduce("ReduceSum", value, true, axes);
  }

  /**
   * y = scale h + bias with h = (x - mean) / sqrt(var + epsilon) over space, per sample and
   * channel. With g' = g scale: x: (g' - mean(g') - h mean(g' h)) / sqrt(var + epsilon).
   */
  private static void instance(NodeAdjoint n) {
    n.requireInactive(1, "scale");
    n.requireInactive(2, "bias");
    n.give(
        0,
        () -> {
          Emitter e = n.emit();
          int rank = n.shape(0).rank();
          long[] space = LongStream.range(2, rank).toArray();
          String centred = e.node("Sub", n.in(0), e.reduce("ReduceMean", n.in(0), true, space));
          String variance = e.reduce("ReduceMean", e.node("Mul", centred, centred), true, space);
          String epsilon = e.scalar(n.node().decimal("epsilon", 1e-5f), n.in(0));
          String rate = e.node("Reciprocal", e.node("Sqrt", e.node("Add", variance, epsilon)));
          String normed = e.node("Mul", centred, rate);
          String g = e.node("Mul", n.cotangent(), perChannel(e, n.in(1), rank));
          String mean = e.reduce("ReduceMean", g, true, space);
          String slope = e.reduce("ReduceMean", e.node("Mul", g, normed), true, space);
          String rest = e.node("Sub", e.node("Sub", g, mean), e.node("Mul", normed, slope));
          return e.node("Mul", rest, rate);
        });
  }

  /** Inference form: x: g scale / sqrt(var + epsilon), per channel. */
  private static void batch(NodeAdjoint n) {
    if (n.node().integer("training_mode", 0) != 0) {
      throw n.refuse("expected inference form, found training_mode 1");
    }
    for (int i = 1; i < n.node().inputs().size(); i++) {
      n.requireInactive(i, "parameter " + n.in(i));
    }
    n.give(
        0,
        () -> {
          Emitter e = n.emit();
          Shape shape = n.shape(0);
          String epsilon = e.scalar(n.node().decimal("epsilon", 1e-5f), n.in(0));
          String deviation = e.node("Sqrt", e.node("Add", n.in(4), epsilon));
          String rate = e.node("Div", n.in(1), deviation);
          return e.node("Mul", n.cotangent(), perChannel(e, rate, shape.rank()));
        });
  }

  private static String perChannel(Emitter e, String vector, int rank) {
    long[] sizes = new long[rank - 1];
    Arrays.fill(sizes, 1);
    sizes[0] = -1;
    return e.node("Reshape", vector, e.integers(sizes));
  }
}
