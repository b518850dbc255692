package io.github.cpsample.onnx.autodiff;

import io.github.cpsample.onnx.Attribute;
import io.github.cpsample.onnx.Tensor;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;

/** Losses of classifiers, written out; classes are the second axis of the scores. */
final class LossRules {

  private LossRules() {}

  static void addTo(Map<String, AdjointRule> rules) {
    rules.put(
        "NegativeLogLikelihoodLoss", new DecomposedRule((e, n) -> List.of(loss(e, n, n.in(0)))));
    rules.put(
        "SoftmaxCrossEntropyLoss",
        new DecomposedRule(
            (e, n) -> {
              String logarithms =
                  e.node("LogSoftmax", List.of(logits(e, n)), Attribute.integer("axis", 1));
              return List.of(loss(e, n, logarithms), e.reshapeLike(logarithms, n.in(0)));
            }));
  }

  /** Before opset 13 softmax takes all axes from one on, so the classes become the only one. */
  private static String logits(Emitter e, NodeAdjoint n) {
    if (e.opset() < 13 && n.rank(0) > 2) {
      throw new NewerOpsetNeeded(13, "a loss over images");
    }
    return n.in(0);
  }

  /** -w[t] x[t] for every label t; summed, or divided by the sum of the weights, as asked. */
  private static String loss(Emitter e, NodeAdjoint n, String scores) {
    String labels = n.in(1);
    long[] flat = LongStream.of(1).toArray();
    String kept = null;
    if (n.node().attribute("ignore_index").isPresent()) {
      String ignored = ignored(e, n);
      String same = e.equal(labels, ignored);
      labels = e.where(same, e.sub(ignored, ignored), labels);
      kept = e.not(same);
    }
    String column = e.unsqueeze(labels, flat);
    String chosen = e.node("GatherElements", List.of(scores, column), Attribute.integer("axis", 1));
    String taken = e.reduce("ReduceSum", chosen, false, 1);
    String weights =
        n.node().hasInput(2)
            ? e.gather(n.in(2), labels)
            : e.expand(e.scalar(1, scores), e.fullShapeOf(labels));
    if (kept != null) {
      weights = e.where(kept, weights);
    }
    String losses = e.neg(e.mul(taken, weights));
    return switch (n.node().string("reduction", "mean")) {
      case "none" -> losses;
      case "sum" -> total(e, losses);
      default -> e.div(total(e, losses), total(e, weights));
    };
  }

  private static String ignored(Emitter e, NodeAdjoint n) {
    long index = n.node().integer("ignore_index", 0);
    String constant = e.appender().shared("ignored " + index, () -> Tensor.of(new long[] {index}));
    return e.cast(constant, e.type(n.in(1)));
  }

  private static String total(Emitter e, String values) {
    return e.reduce("ReduceSum", e.reshape(values, -1), false, 0);
  }
}
