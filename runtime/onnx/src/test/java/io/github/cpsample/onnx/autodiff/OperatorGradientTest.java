package io.github.cpsample.onnx.autodiff;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.cpsample.onnx.ElementType;
import io.github.cpsample.onnx.OnnxModel;
import io.github.cpsample.onnx.Tensor;
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
    Set<String> tested =
        cases().stream()
            .map(OperatorCase::operator)
            .filter(operator -> !KnownSequences.handles(operator))
            .collect(Collectors.toSet());
    assertEquals(RuleTable.operators(), tested);
  }

  @ParameterizedTest
  @MethodSource("cases")
  void agreesWithCentralDifferences(OperatorCase operator) {
    check(operator, operator.model(false));
  }

  static List<OperatorCase> symbolicCases() {
    return cases().stream().filter(OperatorCase::canBeSymbolic).toList();
  }

  @ParameterizedTest
  @MethodSource("symbolicCases")
  void agreesWhereSizesAreSymbolic(OperatorCase operator) {
    check(operator, operator.model(true));
  }

  static List<OperatorCase> fixedCases() {
    return cases().stream().filter(operator -> !operator.canBeSymbolic()).toList();
  }

  @ParameterizedTest
  @MethodSource("fixedCases")
  void refusesWhereSizesAreNeeded(OperatorCase operator) {
    OnnxModel model = operator.model(true);
    UnsupportedOperatorException refusal =
        assertThrows(
            UnsupportedOperatorException.class,
            () -> ReverseDifferentiator.of(model).differentiate());
    assertTrue(refusal.getMessage().contains(operator.operator()), refusal.getMessage());
  }

  private static void check(OperatorCase operator, OnnxModel model) {
    check(operator, model, operator.point());
  }

  /** Differentiates a model of a case and compares in two directions. */
  static void check(OperatorCase operator, OnnxModel model, Map<String, Tensor> point) {
    OnnxModel derived = ReverseDifferentiator.of(model).differentiate();
    assertTrue(derived.opset() >= model.opset(), "opset " + derived.opset());
    boolean precise = operator.type() == ElementType.DOUBLE;
    double step = precise ? 1e-5 : 1e-2;
    double tolerance = precise ? DOUBLE_TOLERANCE : FLOAT_TOLERANCE;
    try (VectorJacobianCheck check = new VectorJacobianCheck(model, derived, step, tolerance)) {
      check.check(point, new Random(11), 2);
    }
  }
}
