package io.github.cpsample.onnx.autodiff;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.cpsample.onnx.Attribute;
import io.github.cpsample.onnx.ElementType;
import io.github.cpsample.onnx.GraphBuilder;
import io.github.cpsample.onnx.OnnxModel;
import io.github.cpsample.onnx.OrtGraph;
import io.github.cpsample.onnx.Shape;
import io.github.cpsample.onnx.Tensor;
import io.github.cpsample.onnx.Value;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Gradients in closed form where differences say little, and uses that are refused. */
class ExactPointsTest {

  private final GraphBuilder g = new GraphBuilder("points", 17);
  private final Value x = g.input("x", ElementType.FLOAT, Shape.fixed(3, 3));

  private OnnxModel giving(Value y, Shape shape) {
    g.output("y", y, ElementType.FLOAT, shape);
    return g.build();
  }

  private static double[] gradient(OnnxModel model, float[] values, Tensor seed) {
    try (OrtGraph graph = new OrtGraph(ReverseDifferentiator.of(model).differentiate())) {
      return graph.run(Map.of("x", Tensor.of(values, 3, 3), "seed/y", seed)).get("grad/x");
    }
  }

  @Test
  void aProductWithZerosKeepsTheProductOfTheOthers() {
    Value y = g.node("ReduceProd", List.of(x), Attribute.ints("axes", 1));
    double[] found =
        gradient(
            giving(y, Shape.fixed(3, 1)),
            new float[] {2, 3, 4, 0, 3, -5, 0, 0, 7},
            Tensor.of(new float[] {1, 2, 3}, 3, 1));
    assertArrayEquals(new double[] {12, 8, 6, -30, 0, 0, 0, 0, 0}, found, 1e-5);
  }

  @ParameterizedTest
  @ValueSource(strings = {"ReduceL1", "ReduceL2"})
  void aNormOfZerosHasNoSlope(String operator) {
    Value y = g.node(operator, List.of(x), Attribute.ints("axes", 1));
    double[] found =
        gradient(
            giving(y, Shape.fixed(3, 1)),
            new float[] {0, 0, 0, 0, -2, 0, 0, 0, 5},
            Tensor.of(new float[] {1, 2, 3}, 3, 1));
    assertArrayEquals(new double[] {0, 0, 0, 0, -2, 0, 0, 0, 3}, found, 1e-6);
  }

  @Test
  void anAxisOfZerosNormalisedHasNoSlope() {
    Value y = g.node("LpNormalization", List.of(x));
    double[] found =
        gradient(
            giving(y, Shape.fixed(3, 3)),
            new float[] {0, 0, 0, 0, -2, 0, 0, 0, 4},
            Tensor.of(new float[] {1, 2, 3, 1, 2, 3, 1, 2, 3}, 3, 3));
    assertArrayEquals(new double[] {0, 0, 0, 0.5, 0, 1.5, 0.25, 0.5, 0}, found, 1e-6);
  }

  private static void refused(OnnxModel model, String... words) {
    String message =
        assertThrows(
                UnsupportedOperatorException.class,
                () -> ReverseDifferentiator.of(model).differentiate())
            .getMessage();
    for (String word : words) {
      assertTrue(message.contains(word), message);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"Bernoulli", "StringNormalizer"})
  void operatorsWithoutRuleAreRefused(String operator) {
    Value y = g.node(operator, List.of(x));
    refused(giving(y, Shape.of()), "Operator " + operator, "opset 17", "no rule");
  }
}
