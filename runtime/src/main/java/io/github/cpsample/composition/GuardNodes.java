package io.github.cpsample.composition;

import io.github.cpsample.onnx.Attribute;
import io.github.cpsample.onnx.ElementType;
import io.github.cpsample.onnx.Value;
import io.github.cpsample.protection.Force;
import io.github.cpsample.protection.Gate;
import io.github.cpsample.protection.ProtectionSettings;
import java.util.List;

/**
 * Writes gate and force as nodes, in float64 on the logits: with {@code e = exp(-|z|)}, {@code log
 * max(p, 1 - p) = -log(1 + e)}, {@code sigmoid(|z|) = 1 / (1 + e)}, {@code sigmoid(-|z|) = e / (1 +
 * e)}.
 */
final class GuardNodes {

  private static final List<String> GATES = List.of("paper", "code");
  private static final String OPPOSITE = "opposite-label";
  private static final List<String> FORCES = List.of(OPPOSITE, "own-label");

  private final int bits;
  private final boolean opposite;

  /**
   * Checks that gate and force are ones that can be written.
   *
   * @throws IllegalArgumentException if they are not the library's own
   */
  GuardNodes(ProtectionSettings protection, int bits) {
    Gate gate = protection.gate();
    Force force = protection.force();
    require("gate", GATES.contains(gate.label()) && gate.equals(Gate.named(gate.label())), gate);
    require(
        "force", FORCES.contains(force.label()) && force.equals(Force.named(force.label())), force);
    this.bits = bits;
    this.opposite = force.label().equals(OPPOSITE);
  }

  private static void require(String what, boolean known, Object found) {
    if (!known) {
      throw new IllegalArgumentException(
          what
              + ": expected one that comes with the library, to write it as a graph, found "
              + found);
    }
  }

  /**
   * A gate's answer.
   *
   * @param guarded bool [N]
   * @param certainty float [N]
   */
  record Decision(Value guarded, Value certainty) {}

  /**
   * Decides for every row; both gates are this rule. A certainty that is not a number is guarded.
   *
   * @param logits float [N,K]
   * @param alpha float64 scalar in (0, 1/2]
   */
  Decision decide(Nodes nodes, Value logits, Value alpha) {
    Value spread = nodes.log1p(exponential(nodes, magnitude(nodes, logits)));
    Value sum =
        nodes
            .graph()
            .node("ReduceSum", List.of(spread, nodes.indices(1)), Attribute.integer("keepdims", 0));
    Value log = nodes.op("Neg", nodes.op("Div", sum, nodes.number(bits)));
    Value threshold = nodes.log1p(nodes.op("Neg", alpha));
    Value certain = nodes.op("Not", nodes.op("LessOrEqual", log, threshold));
    Value always = nodes.op("GreaterOrEqual", alpha, nodes.number(0.5));
    return new Decision(
        nodes.op("Or", certain, always), nodes.cast(nodes.op("Exp", log), ElementType.FLOAT));
  }

  /**
   * The scaled cotangent of every row, float [N,K].
   *
   * @param logits float [N,K]
   * @param scale float64 scalar
   */
  Value cotangent(Nodes nodes, Value logits, Value scale) {
    Value wide = nodes.cast(logits, ElementType.DOUBLE);
    Value e = exponential(nodes, nodes.op("Abs", wide));
    Value share = opposite ? nodes.number(1) : e;
    Value slope = nodes.op("Div", share, nodes.op("Add", e, nodes.number(1)));
    Value away =
        nodes.op(
            "Where", nodes.op("Less", wide, nodes.number(0)), nodes.number(1), nodes.number(-1));
    Value mean = nodes.op("Div", nodes.op("Mul", away, slope), nodes.number(bits));
    return nodes.cast(nodes.op("Mul", mean, scale), ElementType.FLOAT);
  }

  private static Value magnitude(Nodes nodes, Value logits) {
    return nodes.op("Abs", nodes.cast(logits, ElementType.DOUBLE));
  }

  private static Value exponential(Nodes nodes, Value magnitude) {
    return nodes.op("Exp", nodes.op("Neg", magnitude));
  }
}
