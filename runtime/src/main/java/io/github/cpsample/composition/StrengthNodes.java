package io.github.cpsample.composition;

import io.github.cpsample.onnx.Value;
import io.github.cpsample.protection.ProtectionSettings;

/**
 * Writes the inputs alpha and scale and their bounds: whatever is given, the protection is never
 * weaker than the manifest's. What is not a number counts as not given.
 */
final class StrengthNodes {

  static final String ALPHA = "alpha";
  static final String SCALE = "scale";

  private static final double MOST_ALPHA = 0.5;
  private static final double MOST_SCALE = Float.MAX_VALUE;

  private final StrengthInputs inputs;
  private final ProtectionSettings protection;

  StrengthNodes(StrengthInputs inputs, ProtectionSettings protection) {
    this.inputs = inputs;
    this.protection = protection;
  }

  /** Alpha, from the manifest's to 1/2. */
  Value alpha(Nodes nodes) {
    return bounded(nodes, ALPHA, protection.alpha(), MOST_ALPHA, MOST_ALPHA);
  }

  /** Scale, from the manifest's to the largest float32; the manifest's where more is given. */
  Value scale(Nodes nodes) {
    return bounded(nodes, SCALE, protection.scale(), MOST_SCALE, protection.scale());
  }

  /** Comparisons, not Max and Min: those may give either operand where one is not a number. */
  private Value bounded(Nodes nodes, String name, double least, double most, double beyond) {
    Value given = inputs.declare(nodes.graph(), name, least);
    Value low = nodes.number(least);
    Value high = nodes.number(most);
    Value raised = nodes.op("Where", nodes.op("GreaterOrEqual", given, low), given, low);
    return nodes.op("Where", nodes.op("LessOrEqual", raised, high), raised, nodes.number(beyond));
  }
}
