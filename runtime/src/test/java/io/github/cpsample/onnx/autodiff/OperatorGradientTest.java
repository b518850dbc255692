package io.github.cpsample.onnx.autodiff;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.cpsample.onnx.ElementType;
import io.github.cpsample.onnx.OnnxModel;
import io.github.cpsample.onnx.OrtGraph;
import io.github.cpsample.onnx.Tensor;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every rule against central differences of ONNX Runtime's own forward pass. */
class OperatorGradientTest {

  private static final double DOUBLE_TOLERANCE = 1e-6;
  private static final double FLOAT_TOLERANCE = 1e-2;

  static List<OperatorCase> cases() {
    return OperatorCases.all();
  }

  @Test
  void everyRuleHasACase() {
    Set<String> tested = cases().stream().map(OperatorCase::operator).collect(Collectors.toSet());
    assertEquals(RuleTable.operators(), tested);
  }

  @ParameterizedTest
  @MethodSource("cases")
  void agreesWithCentralDifferences(OperatorCase operator) {
    check(operator, operator.model(false));
  }

  /** Sizes that are known only when the graph runs: the same, or a refusal that says so. */
  @ParameterizedTest
  @MethodSource("cases")
  void agreesWhereSizesAreSymbolic(OperatorCase operator) {
    try {
      check(operator, operator.model(true));
    } catch (UnsupportedOperatorException e) {
      assertTrue(
          Set.of("Conv", "Resize", "Concat").contains(operator.operator())
              || e.getMessage().contains("needs opset 13")
              || e.getMessage().contains("need opset 13"),
          e.getMessage());
      assertTrue(e.getMessage().contains("expected") || e.getMessage().contains("need"));
    }
  }

  private static void check(OperatorCase operator, OnnxModel model) {
    OnnxModel derived = ReverseDifferentiator.of(model).differentiate();
    assertEquals(model.opsets(), derived.opsets());
    Random random = new Random(11);
    Map<String, Tensor> inputs = new HashMap<>();
    Map<String, double[]> directions = new HashMap<>();
    for (int i = 0; i < operator.inputs().size(); i++) {
      Tensor x = operator.random(random, operator.inputs().get(i));
      inputs.put("x" + i, x);
      directions.put("x" + i, normals(random, x.size()));
    }
    try (OrtGraph forward = new OrtGraph(model);
        OrtGraph backward = new OrtGraph(derived)) {
      double[] seed = normals(random, forward.run(inputs).get("y").length);
      double step = operator.type() == ElementType.DOUBLE ? 1e-5 : 1e-2;
      double numeric =
          (dot(seed, at(forward, operator, inputs, directions, step))
                  - dot(seed, at(forward, operator, inputs, directions, -step)))
              / (2 * step);
      double analytic = analytic(backward, forward.shape("y"), operator, inputs, directions, seed);
      double tolerance = operator.type() == ElementType.DOUBLE ? DOUBLE_TOLERANCE : FLOAT_TOLERANCE;
      double allowed = tolerance * Math.max(1, Math.abs(numeric));
      assertTrue(
          Math.abs(numeric - analytic) <= allowed,
          operator + ": central difference " + numeric + ", derived graph " + analytic);
    }
  }

  private static double analytic(
      OrtGraph backward,
      long[] shape,
      OperatorCase operator,
      Map<String, Tensor> inputs,
      Map<String, double[]> directions,
      double... seed) {
    Map<String, Tensor> given = new HashMap<>(inputs);
    given.put("seed/y", operator.tensor(seed, shape));
    Map<String, double[]> results = backward.run(given);
    double sum = 0;
    for (String input : inputs.keySet()) {
      double[] gradient = results.get("grad/" + input);
      assertEquals(inputs.get(input).size(), gradient.length, "size of grad/" + input);
      sum += dot(gradient, directions.get(input));
    }
    return sum;
  }

  private static double[] at(
      OrtGraph forward,
      OperatorCase operator,
      Map<String, Tensor> inputs,
      Map<String, double[]> directions,
      double step) {
    Map<String, Tensor> moved = new HashMap<>();
    inputs.forEach(
        (name, x) -> {
          double[] values = x.doubles();
          for (int i = 0; i < values.length; i++) {
            values[i] += step * directions.get(name)[i];
          }
          moved.put(name, operator.tensor(values, x.sizes()));
        });
    return forward.run(moved).get("y");
  }

  private static double[] normals(Random random, int count) {
    double[] values = new double[count];
    for (int i = 0; i < count; i++) {
      values[i] = random.nextGaussian() * 0.5;
    }
    return values;
  }

  private static double dot(double[] a, double[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += a[i] * b[i];
    }
    return sum;
  }
}
