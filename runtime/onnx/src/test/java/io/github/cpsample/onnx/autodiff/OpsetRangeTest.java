package io.github.cpsample.onnx.autodiff;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.cpsample.onnx.Attribute;
import io.github.cpsample.onnx.Dim;
import io.github.cpsample.onnx.ElementType;
import io.github.cpsample.onnx.GraphBuilder;
import io.github.cpsample.onnx.OnnxCodec;
import io.github.cpsample.onnx.OnnxModel;
import io.github.cpsample.onnx.Shape;
import io.github.cpsample.onnx.Tensor;
import io.github.cpsample.onnx.Value;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** One classifier at every opset: its derived graph is accepted by ONNX Runtime, and is right. */
class OpsetRangeTest {

  private final Random random = new Random(4);
  private int constants;

  static IntStream opsets() {
    return IntStream.rangeClosed(7, 26);
  }

  private Value weights(GraphBuilder g, double scale, long... sizes) {
    float[] values = new float[WindowTable.product(sizes)];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) (random.nextGaussian() * scale);
    }
    return g.constant("w" + constants++, values, sizes);
  }

  private Value axes(GraphBuilder g, long... values) {
    return g.constant("w" + constants++, values, values.length);
  }

  /** Squeeze, Unsqueeze and sums take their axes as an input from opset 13. */
  private Value withAxes(GraphBuilder g, int opset, String operator, Value x, long... values) {
    return opset < 13
        ? g.node(operator, List.of(x), Attribute.ints("axes", values))
        : g.node(operator, List.of(x, axes(g, values)));
  }

  /**
   * Convolution, batch normalisation, leaky activation, strided convolution, pooling of both kinds,
   * gating by pooled channels, concatenation, transposition, a linear layer, soft maximum.
   */
  private OnnxModel classifier(int opset) {
    GraphBuilder g = new GraphBuilder("classifier", opset);
    Shape images = Shape.of(Dim.symbolic("N"), Dim.of(2), Dim.of(8), Dim.of(8));
    Value x = g.input("x", ElementType.FLOAT, images);
    Attribute pads = Attribute.ints("pads", 1, 1, 1, 1);
    Value h = g.node("Conv", List.of(x, weights(g, 0.3, 4, 2, 3, 3), weights(g, 0.1, 4)), pads);
    Value ones = g.constant("ones", new float[] {1, 1, 1, 1}, 4);
    h =
        g.node(
            "BatchNormalization", List.of(h, ones, weights(g, 0.1, 4), weights(g, 0.1, 4), ones));
    h = g.node("LeakyRelu", List.of(h), Attribute.decimal("alpha", 0.2f));
    Value gate = g.sigmoid(g.node("GlobalAveragePool", List.of(h)));
    h = g.mul(h, gate);
    Attribute kernel = Attribute.ints("kernel_shape", 2, 2);
    Attribute strides = Attribute.ints("strides", 2, 2);
    Value joined =
        g.concat(
            List.of(
                g.node("MaxPool", List.of(h), kernel, strides),
                g.node("AveragePool", List.of(h), kernel, strides),
                g.node("Conv", List.of(h, weights(g, 0.3, 4, 4, 3, 3)), pads, strides)),
            1);
    Value last = g.transpose(joined, 0, 2, 3, 1);
    Value rows = g.reshape(last, axes(g, 0, -1, 12));
    Value mean = withAxes(g, opset, "ReduceSum", rows, 1);
    Value flat = withAxes(g, opset, "Squeeze", mean, 1);
    Value logits =
        g.node(
            "Gemm",
            List.of(flat, weights(g, 0.2, 5, 12), weights(g, 0.1, 5)),
            Attribute.integer("transB", 1));
    Value shares = g.softmax(logits, 1);
    Shape rowsOfFive = Shape.of(Dim.symbolic("N"), Dim.of(5));
    g.output("logits", logits, ElementType.FLOAT, rowsOfFive);
    g.output("shares", shares, ElementType.FLOAT, rowsOfFive);
    return g.build();
  }

  @ParameterizedTest
  @MethodSource("opsets")
  void derivesAndRuns(int opset) {
    OnnxModel model = classifier(opset);
    OnnxModel derived = ReverseDifferentiator.of(model).differentiate();
    assertEquals(Map.of("", (long) Math.max(8, opset)), derived.opsets());
    OnnxModel read = OnnxCodec.read(OnnxCodec.toBytes(derived));
    float[] pixels = new float[3 * 2 * 8 * 8];
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = random.nextFloat() * 2 - 1;
    }
    Map<String, Tensor> point = Map.of("x", Tensor.of(pixels, 3, 2, 8, 8));
    try (VectorJacobianCheck check = new VectorJacobianCheck(model, read, 1e-3, 1e-2)) {
      check.checkAlongGradient(point, random, 2);
    }
    assertEquals(
        Arrays.asList("logits", "shares", "grad/x"),
        read.graph().outputs().stream().map(output -> output.name()).toList());
  }
}
