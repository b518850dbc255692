package io.github.cpsample.composition;

import io.github.cpsample.onnx.ElementType;
import io.github.cpsample.onnx.Shape;
import io.github.cpsample.onnx.Tensor;
import io.github.cpsample.onnx.Value;
import io.github.cpsample.protection.ProtectionSettings;
import io.github.cpsample.protection.StrengthInputs;
import java.util.Arrays;

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

  /**
   * Alpha, from the manifest's to 1/2, at some timesteps and for finished images, float64
   * [timesteps+1]. Where the manifest has a threshold per level, what is given raises those that
   * are lower.
   */
  Value alpha(Nodes nodes, double[] timesteps) {
    double[] least = Arrays.copyOf(timesteps, timesteps.length + 1);
    Arrays.setAll(
        least,
        i -> i < timesteps.length ? protection.alphaAt(timesteps[i]) : protection.finishedAlpha());
    double otherwise = protection.thresholds().isPresent() ? 0 : protection.alpha();
    Value low = nodes.constant(Tensor.of(least, least.length));
    return bounded(nodes, input(nodes, ALPHA, otherwise), low, MOST_ALPHA, MOST_ALPHA);
  }

  /** Scale, from the manifest's to the largest float32; the manifest's where more is given. */
  Value scale(Nodes nodes) {
    double least = protection.scale();
    Value given = input(nodes, SCALE, least);
    return bounded(nodes, given, nodes.number(least), MOST_SCALE, least);
  }

  private Value input(Nodes nodes, String name, double otherwise) {
    return switch (inputs) {
      case OPTIONAL ->
          nodes
              .graph()
              .input(name, ElementType.DOUBLE, Shape.of(), Tensor.of(new double[] {otherwise}));
      case REQUIRED -> nodes.graph().input(name, ElementType.DOUBLE, Shape.of());
    };
  }

  /** Comparisons, not Max and Min: those may give either operand where one is not a number. */
  private static Value bounded(Nodes nodes, Value given, Value low, double most, double beyond) {
    Value high = nodes.number(most);
    Value raised = nodes.where(nodes.atMost(low, given), given, low);
    return nodes.where(nodes.atMost(raised, high), raised, nodes.number(beyond));
  }
}
