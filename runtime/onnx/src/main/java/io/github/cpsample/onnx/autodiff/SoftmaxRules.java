package io.github.cpsample.onnx.autodiff;

import java.util.Map;
import java.util.stream.LongStream;

/** Softmax and its logarithm; g is the cotangent, y the output, sums over the normalised axes. */
final class SoftmaxRules {

  private SoftmaxRules() {}

  static void addTo(Map<String, AdjointRule> rules) {
    // y (g - sum(g y))
    UnaryRules.put(
        rules,
        "Softmax",
        (e, n) -> {
          String y = finite(e, n);
          String sum = sum(n, e.mul(n.cotangent(), y));
          return e.mul(y, e.sub(n.cotangent(), sum));
        });
    // g - exp(y) sum(g)
    UnaryRules.put(
        rules,
        "LogSoftmax",
        (e, n) -> {
          String share = e.mul(e.exp(n.out()), sum(n, n.cotangent()));
          return e.sub(n.cotangent(), share);
        });
  }

  /**
   * y; where the model replaces some of it, as attention does whose rows may be masked altogether,
   * 0 where it is no number.
   */
  private static String finite(Emitter e, NodeAdjoint n) {
    return e.appender().isReplaced(n.out())
        ? e.where(e.not(e.node("IsNaN", n.out())), n.out())
        : n.out();
  }

  /** Before opset 13 softmax normalised over all axes from {@code axis} on. */
  private static String sum(NodeAdjoint n, String value) {
    boolean single = n.emit().opset() >= 13;
    int first = n.axis(n.node().integer("axis", single ? -1 : 1), 0);
    long[] axes = single ? new long[] {first} : LongStream.range(first, n.rank(0)).toArray();
    return n.emit().reduce("ReduceSum", value, true, axes);
  }
}
