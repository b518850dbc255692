package io.github.cpsample.trainer.network;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.nn.Activation;
import ai.djl.training.GradientCollector;
import io.github.cpsample.onnx.autodiff.EdgeOfDomain;
import java.util.Arrays;
import java.util.Map;
import java.util.Objects;
import java.util.function.BinaryOperator;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What {@link EdgeOfDomain} says that PyTorch does at zeros, infinities and ties is what PyTorch's
 * own derivatives are. Left out is what DJL's engine has no call for: {@code Acosh}, {@code Asinh},
 * {@code Atanh}, {@code Celu}, {@code HardSigmoid}, {@code HardSwish}, {@code Shrink}, {@code
 * ThresholdedRelu}; and {@code PRelu}.
 */
class EdgeOfDomainInPyTorchTest {

  private static final Map<String, UnaryOperator<NDArray>> FUNCTIONS =
      Map.ofEntries(
          Map.entry("Abs", NDArray::abs),
          Map.entry("Acos", NDArray::acos),
          Map.entry("Asin", NDArray::asin),
          Map.entry("Atan", NDArray::atan),
          Map.entry("Cos", NDArray::cos),
          Map.entry("Cosh", NDArray::cosh),
          Map.entry("Elu", x -> Activation.elu(x, 1)),
          Map.entry("Erf", NDArray::erf),
          Map.entry("Exp", NDArray::exp),
          Map.entry("LeakyRelu", x -> Activation.leakyRelu(x, 0.25f)),
          Map.entry("Log", NDArray::log),
          Map.entry("Neg", NDArray::neg),
          Map.entry("Reciprocal", x -> x.getManager().create(1.0).div(x)),
          Map.entry("Relu", Activation::relu),
          Map.entry("Selu", Activation::selu),
          Map.entry("Sigmoid", Activation::sigmoid),
          Map.entry("Sin", NDArray::sin),
          Map.entry("Sinh", NDArray::sinh),
          Map.entry("Softplus", Activation::softPlus),
          Map.entry("Softsign", Activation::softSign),
          Map.entry("Sqrt", NDArray::sqrt),
          Map.entry("Tan", NDArray::tan),
          Map.entry("Tanh", NDArray::tanh));

  private static final Map<String, BinaryOperator<NDArray>> PAIRS =
      Map.of(
          "Add", NDArray::add,
          "Sub", NDArray::sub,
          "Mul", NDArray::mul,
          "Div", NDArray::div,
          "Pow", NDArray::pow,
          "Max", NDArray::maximum,
          "Min", NDArray::minimum);

  static Stream<Arguments> functions() {
    return EdgeOfDomain.functions().filter(one -> FUNCTIONS.containsKey((String) one.get()[0]));
  }

  static Stream<Arguments> pairs() {
    return EdgeOfDomain.pairs().filter(one -> PAIRS.containsKey((String) one.get()[0]));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("functions")
  void functionsOfOneValue(String operator, Object attributes, double[] expected) {
    UnaryOperator<NDArray> function = Objects.requireNonNull(FUNCTIONS.get(operator));
    float[] places = EdgeOfDomain.places();
    double[] at = new double[places.length];
    Arrays.setAll(at, i -> places[i]);
    EdgeOfDomain.assertClose(expected, slope(function, at));
  }

  private static double[] slope(UnaryOperator<NDArray> function, double... at) {
    try (NDManager manager = NDManager.newBaseManager()) {
      NDArray x = manager.create(at);
      x.setRequiresGradient(true);
      try (GradientCollector collector = manager.getEngine().newGradientCollector()) {
        collector.backward(function.apply(x).sum());
      }
      return numbers(x.getGradient());
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("pairs")
  void functionsOfTwoValues(String operator, double[] a, double[] b, double[] ga, double[] gb) {
    BinaryOperator<NDArray> function = Objects.requireNonNull(PAIRS.get(operator));
    try (NDManager manager = NDManager.newBaseManager()) {
      NDArray first = manager.create(a);
      NDArray second = manager.create(b);
      first.setRequiresGradient(true);
      second.setRequiresGradient(true);
      try (GradientCollector collector = manager.getEngine().newGradientCollector()) {
        collector.backward(function.apply(first, second).sum());
      }
      EdgeOfDomain.assertClose(ga, numbers(first.getGradient()));
      EdgeOfDomain.assertClose(gb, numbers(second.getGradient()));
    }
  }

  /** Bounds belong to the inside; a minimum above the maximum leaves nothing of the value. */
  @Test
  void clip() {
    EdgeOfDomain.assertClose(
        new double[] {0, 1, 1, 1, 0}, slope(x -> x.clip(0, 1), -1, 0, 0.5, 1, 2));
    EdgeOfDomain.assertClose(new double[] {0, 0, 0}, slope(x -> x.clip(1, 0), -1, 0.5, 2));
  }

  /** Equal elements share the derivative of a maximum. */
  @Test
  void maximumOfAll() {
    EdgeOfDomain.assertClose(new double[] {0.5, 0, 0.5}, slope(NDArray::max, 2, 1, 2));
  }

  private static double[] numbers(NDArray array) {
    return Arrays.stream(array.toArray()).mapToDouble(Number::doubleValue).toArray();
  }
}
