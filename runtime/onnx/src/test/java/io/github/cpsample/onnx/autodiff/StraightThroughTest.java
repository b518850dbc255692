package io.github.cpsample.onnx.autodiff;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
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
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Quantised networks against a network in float32 that clips where they do: all scales are powers
 * of two and all inputs multiples of them, so both compute the same, and the central differences of
 * the float32 network are what the straight-through estimator gives.
 */
class StraightThroughTest {

  private static final float STEP = 0.25f;
  private static final float WEIGHT_STEP = 0.5f;
  private static final float RESULT_STEP = STEP * WEIGHT_STEP;
  private static final float LAST_STEP = RESULT_STEP * WEIGHT_STEP;
  private static final int POINT = 100;

  private enum Form {
    FLOAT,
    PAIRS,
    INTEGERS,
    OPERATORS
  }

  private final Random random = new Random(5);
  private final byte[] kernel = bytes(3 * 2 * 2 * 2);
  private final byte[] matrix = bytes(3 * 2);

  private byte[] bytes(int count) {
    byte[] bytes = new byte[count];
    for (int i = 0; i < count; i++) {
      bytes[i] = (byte) (random.nextInt(13) - 6);
    }
    return bytes;
  }

  private static float[] times(float factor, byte... values) {
    float[] result = new float[values.length];
    for (int i = 0; i < result.length; i++) {
      result[i] = factor * values[i];
    }
    return result;
  }

  /** The network in one of its forms. */
  private final class Network {

    private final Form form;
    private final GraphBuilder g = new GraphBuilder("quantised", 13);

    Network(Form form) {
      this.form = form;
    }

    private Value scale(float value) {
      return g.constant(Tensor.of(new float[] {value}));
    }

    private Value point(ElementType type, int value) {
      return g.constant(Tensor.ofBytes(type, new byte[] {(byte) value}));
    }

    private Value zero() {
      return point(ElementType.INT8, 0);
    }

    private Value point() {
      return point(ElementType.UINT8, POINT);
    }

    /** To integers and back, or what that leaves of numbers. */
    private Value rounded(Value x, float step) {
      if (form == Form.FLOAT) {
        return g.node("Clip", List.of(x, scale(-POINT * step), scale((255 - POINT) * step)));
      }
      Value q = g.node("QuantizeLinear", List.of(x, scale(step), point()));
      return g.node("DequantizeLinear", List.of(q, scale(step), point()));
    }

    private Value weights(byte[] values, long... sizes) {
      if (form == Form.FLOAT) {
        return g.constant(Tensor.of(times(WEIGHT_STEP, values), sizes));
      }
      Value q = g.constant(Tensor.ofBytes(ElementType.INT8, values, sizes));
      return g.node("DequantizeLinear", List.of(q, scale(WEIGHT_STEP), zero()));
    }

    OnnxModel model() {
      Value x = g.input("x", ElementType.FLOAT, Shape.fixed(1, 2, 4, 4));
      Value y = form == Form.OPERATORS ? operators(x) : plain(x);
      g.output("y", y, ElementType.FLOAT, Shape.fixed(1, 2));
      return g.build();
    }

    private Value plain(Value x) {
      Value h =
          form == Form.INTEGERS
              ? integers(x)
              : g.node("Conv", List.of(rounded(x, STEP), weights(kernel, 3, 2, 2, 2)));
      h = rounded(h, RESULT_STEP);
      h = g.node("MaxPool", List.of(h), Attribute.ints("kernel_shape", 3, 3));
      h = g.reshape(h, g.constant("form", new long[] {1, 3}, 2));
      return rounded(g.matMul(h, weights(matrix, 3, 2)), LAST_STEP);
    }

    /** The convolution of unsigned bytes, which is all that ONNX Runtime has on the CPU. */
    private Value integers(Value x) {
      byte[] shifted = new byte[kernel.length];
      for (int i = 0; i < shifted.length; i++) {
        shifted[i] = (byte) (kernel[i] + POINT);
      }
      Value q = g.node("QuantizeLinear", List.of(x, scale(STEP), point()));
      Value k = g.constant(Tensor.ofBytes(ElementType.UINT8, shifted, 3, 2, 2, 2));
      Value sums = g.node("ConvInteger", List.of(q, k, point(), point()));
      Value numbers = g.node("Cast", List.of(sums), Attribute.integer("to", 1));
      return g.mul(numbers, scale(RESULT_STEP));
    }

    private Value operators(Value x) {
      Value q = g.node("QuantizeLinear", List.of(x, scale(STEP), point()));
      Value k = g.constant(Tensor.ofBytes(ElementType.INT8, kernel, 3, 2, 2, 2));
      Value h =
          g.node(
              "QLinearConv",
              List.of(
                  q,
                  scale(STEP),
                  point(),
                  k,
                  scale(WEIGHT_STEP),
                  zero(),
                  scale(RESULT_STEP),
                  point()));
      h = g.node("MaxPool", List.of(h), Attribute.ints("kernel_shape", 3, 3));
      h = g.reshape(h, g.constant("form", new long[] {1, 3}, 2));
      Value m = g.constant(Tensor.ofBytes(ElementType.INT8, matrix, 3, 2));
      Value y =
          g.node(
              "QLinearMatMul",
              List.of(
                  h,
                  scale(RESULT_STEP),
                  point(),
                  m,
                  scale(WEIGHT_STEP),
                  zero(),
                  scale(LAST_STEP),
                  point()));
      return g.node("DequantizeLinear", List.of(y, scale(LAST_STEP), point()));
    }
  }

  /** Multiples of the step, some beyond what the integers hold. */
  private double[] point(double most) {
    double[] x = new double[2 * 4 * 4];
    for (int i = 0; i < x.length; i++) {
      x[i] = STEP * Math.round((random.nextDouble() - 0.4) * most / STEP);
    }
    return x;
  }

  private static Tensor image(double... x) {
    return Tensor.of(Constants.floats(x), 1, 2, 4, 4);
  }

  private static double[] differences(OrtGraph graph, double[] x, float... seed) {
    double[] gradient = new double[x.length];
    double width = 1.0 / 64;
    for (int i = 0; i < x.length; i++) {
      double[] up = x.clone();
      double[] down = x.clone();
      up[i] += width;
      down[i] -= width;
      double[] above = graph.run(Map.of("x", image(up))).get("y");
      double[] below = graph.run(Map.of("x", image(down))).get("y");
      for (int k = 0; k < seed.length; k++) {
        gradient[i] += seed[k] * (above[k] - below[k]) / (2 * width);
      }
    }
    return gradient;
  }

  @ParameterizedTest
  @EnumSource(
      value = Form.class,
      names = {"PAIRS", "INTEGERS", "OPERATORS"})
  void isTheGradientOfTheNetworkInFloats(Form form) {
    OnnxModel derived =
        ReverseDifferentiator.of(new Network(form).model()).straightThrough().differentiate();
    float[] seed = {1.5f, -0.5f};
    int zeros = 0;
    int others = 0;
    try (OrtGraph floats = new OrtGraph(new Network(Form.FLOAT).model());
        OrtGraph graph = new OrtGraph(derived)) {
      for (int trial = 0; trial < 40; trial++) {
        double[] x = point(trial % 2 == 0 ? 6 : 60);
        Map<String, Tensor> given = new HashMap<>(Map.of("x", image(x)));
        given.put("seed/y", Tensor.of(seed, 1, 2));
        Map<String, double[]> results = graph.run(given);
        assertArrayEquals(
            floats.run(Map.of("x", image(x))).get("y"), results.get("y"), 0, "the same values");
        double[] expected = differences(floats, x, seed);
        double[] found = results.get("grad/x");
        for (int i = 0; i < x.length; i++) {
          // at the very ends of the range the differences see one side only
          boolean end = expected[i] != 0 && Math.abs(found[i] - 2 * expected[i]) < 1e-3;
          assertTrue(end || Math.abs(found[i] - expected[i]) < 1e-3, form + " trial " + trial);
          zeros += found[i] == 0 ? 1 : 0;
          others += found[i] != 0 ? 1 : 0;
        }
      }
    }
    assertTrue(zeros > 50 && others > 50, zeros + " zeros, " + others + " others");
  }

  @Test
  void whatIsClippedGetsNothing() {
    GraphBuilder g = new GraphBuilder("pair", 13);
    Value x = g.input("x", ElementType.FLOAT, Shape.fixed(6));
    Value scale = g.constant("scale", Tensor.of(new float[] {0.5f}));
    Value point = g.constant("point", Tensor.ofBytes(ElementType.INT8, new byte[] {10}));
    Value q = g.node("QuantizeLinear", List.of(x, scale, point));
    g.output(
        "y",
        g.node("DequantizeLinear", List.of(q, scale, point)),
        ElementType.FLOAT,
        Shape.fixed(6));
    OnnxModel derived = ReverseDifferentiator.of(g.build()).straightThrough().differentiate();
    float[] values = {-1000, -69.5f, -69, 0.3f, 58.5f, 59};
    try (OrtGraph graph = new OrtGraph(derived)) {
      float[] seed = {1, 2, 3, 4, 5, 6};
      double[] found =
          graph.run(Map.of("x", Tensor.of(values, 6), "seed/y", Tensor.of(seed, 6))).get("grad/x");
      assertArrayEquals(new double[] {0, 0, 3, 4, 5, 0}, found, 1e-6);
    }
  }

  /**
   * y = scale (q - point) (W - 1) / 4, of which the scale counts as a constant: g (W - 1)^T / 4.
   */
  @Test
  void dynamicQuantisation() {
    GraphBuilder g = new GraphBuilder("dynamic", 13);
    Value x = g.input("x", ElementType.FLOAT, Shape.fixed(2, 3));
    List<Value> q = g.nodes("DynamicQuantizeLinear", List.of(x), 3);
    Value w = g.constant("w", Tensor.ofBytes(ElementType.INT8, matrix, 3, 2));
    Value one = g.constant("one", Tensor.ofBytes(ElementType.INT8, new byte[] {1}));
    Value product = g.node("MatMulInteger", List.of(q.get(0), w, q.get(2), one));
    Value number = g.node("Cast", List.of(product), Attribute.integer("to", 1));
    Value quarter = g.constant("quarter", Tensor.of(new float[] {0.25f}));
    Value y = g.mul(number, g.mul(q.get(1), quarter));
    g.output("y", y, ElementType.FLOAT, Shape.fixed(2, 2));
    OnnxModel derived = ReverseDifferentiator.of(g.build()).straightThrough().differentiate();
    float[] seed = {1, 2, -1, 0.5f};
    double[] expected = new double[6];
    for (int row = 0; row < 2; row++) {
      for (int i = 0; i < 3; i++) {
        for (int k = 0; k < 2; k++) {
          expected[row * 3 + i] += seed[row * 2 + k] * (matrix[i * 2 + k] - 1) / 4.0;
        }
      }
    }
    try (OrtGraph graph = new OrtGraph(derived)) {
      Tensor at = Tensor.of(new float[] {-1, 0.4f, 2, 0.3f, -0.2f, 1.1f}, 2, 3);
      double[] found = graph.run(Map.of("x", at, "seed/y", Tensor.of(seed, 2, 2))).get("grad/x");
      assertArrayEquals(expected, found, 1e-5, Arrays.toString(found));
    }
  }

  @Test
  void isRefusedUnlessAskedFor() {
    for (Form form : List.of(Form.PAIRS, Form.INTEGERS, Form.OPERATORS)) {
      OnnxModel model = new Network(form).model();
      UnsupportedOperatorException refusal =
          assertThrows(
              UnsupportedOperatorException.class,
              () -> ReverseDifferentiator.of(model).differentiate());
      assertTrue(refusal.getMessage().contains("QuantizeLinear"), refusal.getMessage());
      assertTrue(refusal.getMessage().contains("--straight-through"), refusal.getMessage());
    }
  }

  @Test
  void changesNothingElse() {
    OnnxModel model = new Network(Form.FLOAT).model();
    assertEquals(
        ReverseDifferentiator.of(model).differentiate().graph().nodes(),
        ReverseDifferentiator.of(model).straightThrough().differentiate().graph().nodes());
  }
}
