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
          String sum = sum(n, e.node("Mul", n.cotangent(), n.out()));
          return e.node("Mul", n.out(), e.node("Sub", n.cotangent(), sum));
        });
    // g - exp(y) sum(g)
    UnaryRules.put(
        rules,
        "LogSoftmax",
        (e, n) -> {
          String share = e.node("Mul", e.node("Exp", n.out()), sum(n, n.cotangent()));
          return e.node("Sub", n.cotangent(), share);
        });
  }

  /** Before opset 13 softmax normalised over all axes from {@code axis} on. */
  private static String sum(NodeAdjoint n, String value) {
    boolean single = n.emit().opset() >= 13;
    int first = n.axis(n.node().integer("axis", single ? -1 : 1), 0);
    long[] axes = single ? new long[] {first} : LongStream.range(first, n.rank(0)).toArray();
    return n.emit().reduce("ReduceSum", value, true, axes);
  }
}
