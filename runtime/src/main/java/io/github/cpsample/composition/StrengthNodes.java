package io.github.cpsample.composition;

import io.github.cpsample.onnx.ElementType;
import io.github.cpsample.onnx.Shape;
import io.github.cpsample.onnx.Tensor;
import io.github.cpsample.onnx.Value;
import io.github.cpsample.protection.ProtectionSettings;

/**
 * Writes the optional inputs alpha and scale and their bounds: whatever is given, the protection is
 * never weaker than the manifest's. What is not a number counts as not given.
 */
final class StrengthNodes {

  static final String ALPHA = "alpha";
  static final String SCALE = "scale";

  private static final double MOST_ALPHA = 0.5;
  private static final double MOST_SCALE = Float.MAX_VALUE;

  private StrengthNodes() {}

  /** Alpha, from the manifest's to 1/2. */
  static Value alpha(Nodes nodes, ProtectionSettings protection) {
    return bounded(nodes, ALPHA, protection.alpha(), MOST_ALPHA);
  }

  /** Scale, from the manifest's to the largest float32. */
  static Value scale(Nodes nodes, ProtectionSettings protection) {
    return bounded(nodes, SCALE, protection.scale(), MOST_SCALE);
  }

  /** Comparisons, not Max and Min: those may give either operand where one is not a number. */
  private static Value bounded(Nodes nodes, String name, double least, double most) {
    Value given =
        nodes.graph().input(name, ElementType.DOUBLE, Shape.of(), Tensor.of(new double[] {least}));
    Value low = nodes.number(least);
    Value high = nodes.number(most);
    Value raised = nodes.op("Where", nodes.op("GreaterOrEqual", given, low), given, low);
    return nodes.op("Where", nodes.op("LessOrEqual", raised, high), raised, high);
  }
}
