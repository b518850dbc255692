package io.github.cpsample.onnx.autodiff;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.cpsample.onnx.Attribute;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.Arguments;

/**
 * Derivatives where functions end, jump or bend, by PyTorch's formulas: at zeros of both signs, at
 * infinities, at ties. The trainer's tests compare them with PyTorch itself.
 */
public final class EdgeOfDomain {

  private static final double INF = Double.POSITIVE_INFINITY;
  private static final double NAN = Double.NaN;
  private static final double E = Math.E;
  private static final double LAMBDA = 1.0507009873554805;
  private static final double ALPHA = 1.6732632423543772;

  private static final float[] PLACES = {
    Float.NEGATIVE_INFINITY, -1, -0.0f, 0, 1, Float.POSITIVE_INFINITY
  };

  private EdgeOfDomain() {}

  private static double logistic(double x) {
    return 1 / (1 + Math.exp(-x));
  }

  private static Arguments of(String operator, double... expected) {
    return Arguments.of(operator, List.of(), expected);
  }

  private static Arguments of(String operator, Attribute attribute, double... expected) {
    return Arguments.of(operator, List.of(attribute), expected);
  }

  /** Where functions of one value are asked. */
  public static float[] places() {
    return PLACES.clone();
  }

  /** Operator, attributes, derivative at each place. */
  public static Stream<Arguments> functions() {
    double s = logistic(1) * logistic(-1);
    double t = 1 - Math.pow(Math.tanh(1), 2);
    double bell = 2 / Math.sqrt(Math.PI);
    double sech = Math.cosh(1);
    double root = 1 / Math.sqrt(2);
    return Stream.of(
        of("Abs", -1, -1, 0, 0, 1, 1),
        of("Acos", NAN, -INF, -1, -1, -INF, NAN),
        of("Acosh", 0, INF, NAN, NAN, INF, 0),
        of("Asin", NAN, INF, 1, 1, INF, NAN),
        of("Asinh", 0, root, 1, 1, root, 0),
        of("Atan", 0, 0.5, 1, 1, 0.5, 0),
        of("Atanh", 0, INF, 1, 1, INF, 0),
        of("Celu", 0, 1 / E, 1, 1, 1, 1),
        of("Cos", NAN, Math.sin(1), 0, 0, -Math.sin(1), NAN),
        of("Cosh", -INF, -Math.sinh(1), 0, 0, Math.sinh(1), INF),
        of("Elu", 0, 1 / E, 1, 1, 1, 1),
        of("Erf", 0, bell / E, bell, bell, bell / E, 0),
        of("Exp", 0, 1 / E, 1, 1, E, INF),
        of(
            "HardSigmoid",
            Attribute.decimal("alpha", 1 / 6f),
            0,
            1 / 6.0,
            1 / 6.0,
            1 / 6.0,
            1 / 6.0,
            0),
        of("HardSwish", 0, 1 / 6.0, 0.5, 0.5, 5 / 6.0, 1),
        of("Identity", 1, 1, 1, 1, 1, 1),
        of("LeakyRelu", Attribute.decimal("alpha", 0.25f), 0.25, 0.25, 0.25, 0.25, 1, 1),
        of("Log", 0, -1, -INF, INF, 1, 0),
        of("Neg", -1, -1, -1, -1, -1, -1),
        of("Reciprocal", 0, -1, -INF, -INF, -1, 0),
        of("Relu", 0, 0, 0, 0, 1, 1),
        of("Selu", 0, LAMBDA * ALPHA / E, LAMBDA * ALPHA, LAMBDA * ALPHA, LAMBDA, LAMBDA),
        of("Shrink", Attribute.decimal("lambd", 1), 1, 0, 0, 0, 0, 1),
        of("Sigmoid", 0, s, 0.25, 0.25, s, 0),
        of("Sin", NAN, Math.cos(1), 1, 1, Math.cos(1), NAN),
        of("Sinh", INF, sech, 1, 1, sech, INF),
        of("Softplus", 0, logistic(-1), 0.5, 0.5, logistic(1), 1),
        of("Softsign", NAN, 0.25, 1, 1, 0.25, NAN),
        of("Sqrt", NAN, NAN, -INF, INF, 0.5, 0),
        of("Tan", NAN, 1 + Math.pow(Math.tan(1), 2), 1, 1, 1 + Math.pow(Math.tan(1), 2), NAN),
        of("Tanh", 0, t, 1, 1, t, 0),
        of("ThresholdedRelu", 0, 0, 0, 0, 0, 1));
  }

  private static Arguments two(String operator, double[] a, double[] b, double[] ga, double... gb) {
    return Arguments.of(operator, a, b, ga, gb);
  }

  private static double[] at(double... values) {
    return values;
  }

  /** Operator, first and second values, derivatives by the first and by the second. */
  public static Stream<Arguments> pairs() {
    double two = Math.log(2);
    return Stream.of(
        two("Add", at(0, INF), at(INF, INF), at(1, 1), 1, 1),
        two("Sub", at(0, INF), at(INF, INF), at(1, 1), -1, -1),
        two("Mul", at(0, INF, 3), at(INF, 0, 0), at(INF, 0, 0), 0, INF, 3),
        two(
            "Div",
            at(1, 0, 1, INF, 0),
            at(0, 0, INF, 1, 2),
            at(INF, INF, 0, 1, 0.5),
            -INF,
            NAN,
            0,
            -INF,
            0),
        two(
            "Pow",
            at(0, 0, 0, 0, 2, -2, INF, 1),
            at(0, 1, 2, -1, 0, 2, 2, INF),
            at(0, 1, 0, -INF, 0, -4, INF, INF),
            0,
            0,
            0,
            -INF,
            two,
            NAN,
            INF,
            0),
        two("Max", at(1, 2, INF, 0), at(2, 2, INF, -0.0), at(0, 0.5, 0.5, 0.5), 1, 0.5, 0.5, 0.5),
        two("Min", at(1, 2, -INF, 0), at(2, 2, -INF, 0), at(1, 0.5, 0.5, 0.5), 0, 0.5, 0.5, 0.5),
        two("PRelu", at(-INF, -1, 0, 1), at(2, 2, 2, 2), at(2, 2, 2, 1), -INF, -1, 0, 0));
  }

  /** Relative to the numbers; infinities and what is no number must be met. */
  public static void assertClose(double[] expected, double[] found) {
    assertEquals(expected.length, found.length);
    for (int i = 0; i < expected.length; i++) {
      double allowed = 2e-5 * Math.max(1, Math.abs(expected[i]));
      boolean exact = Double.compare(expected[i] + 0.0, found[i] + 0.0) == 0;
      assertTrue(
          exact || Math.abs(expected[i] - found[i]) <= allowed,
          "at "
              + i
              + ": expected "
              + Arrays.toString(expected)
              + " but was "
              + Arrays.toString(found));
    }
  }
}
