package io.github.cpsample.onnx.autodiff;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.cpsample.onnx.Attribute;
import io.github.cpsample.onnx.Dim;
import io.github.cpsample.onnx.ElementType;
import io.github.cpsample.onnx.GraphBuilder;
import io.github.cpsample.onnx.OnnxModel;
import io.github.cpsample.onnx.OrtGraph;
import io.github.cpsample.onnx.Shape;
import io.github.cpsample.onnx.Tensor;
import io.github.cpsample.onnx.Value;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The slope of SiLU between convolutions and elsewhere, against its formula. */
class SiluAdjointTest {

  /** What x is, of an image v: v itself, its convolution, or that plus v or plus a vector. */
  private enum Form {
    IMAGE,
    CONVOLUTION,
    SUM,
    BROADCAST
  }

  /** y = silu(x), x one of the forms with a kernel that copies every channel, v the input. */
  private static OnnxModel model(Form form, int channels) {
    GraphBuilder g = new GraphBuilder("silu", 17);
    Shape shape = Shape.of(Dim.symbolic("N"), Dim.of(channels), Dim.of(2), Dim.of(3));
    Value v = g.input("v", ElementType.FLOAT, shape);
    float[] copy = new float[channels * channels];
    for (int c = 0; c < channels; c++) {
      copy[c * channels + c] = 1;
    }
    Value w = g.constant("w", copy, channels, channels, 1, 1);
    Value convolved = g.node("Conv", List.of(v, w), Attribute.ints("pads", 0, 0, 0, 0));
    Value zeros = g.constant("zeros", new float[channels], channels, 1, 1);
    Value x =
        switch (form) {
          case IMAGE -> v;
          case CONVOLUTION -> convolved;
          case SUM -> g.add(v, convolved);
          case BROADCAST -> g.add(convolved, zeros);
        };
    Value y = g.mul(x, g.sigmoid(x));
    g.output("y", y, ElementType.FLOAT, shape);
    return ReverseDifferentiator.of(g.build()).differentiate();
  }

  private static double slope(double x) {
    double s = 1 / (1 + Math.exp(-x));
    return s + x * s * (1 - s);
  }

  @ParameterizedTest
  @CsvSource({
    "IMAGE, 16, true",
    "CONVOLUTION, 16, false",
    "CONVOLUTION, 32, false",
    "CONVOLUTION, 8, true",
    "SUM, 16, false",
    "BROADCAST, 16, true"
  })
  void isTheFormula(Form form, int channels, boolean plain) {
    OnnxModel derived = model(form, channels);
    long subtractions =
        derived.graph().nodes().stream().filter(n -> n.operator().equals("Sub")).count();
    assertEquals(plain ? 1 : 0, subtractions);
    Random random = new Random(3);
    int factor = form == Form.SUM ? 2 : 1;
    try (OrtGraph graph = new OrtGraph(derived)) {
      for (int batch : new int[] {1, 3}) {
        float[] values = new float[batch * channels * 6];
        float[] seeds = new float[values.length];
        for (int i = 0; i < values.length; i++) {
          values[i] = (float) (random.nextGaussian() * 4);
          seeds[i] = (float) random.nextGaussian();
        }
        Tensor v = Tensor.of(values, batch, channels, 2, 3);
        Tensor seed = Tensor.of(seeds, batch, channels, 2, 3);
        double[] found = graph.run(Map.of("v", v, "seed/y", seed)).get("grad/v");
        assertEquals(values.length, found.length);
        for (int i = 0; i < found.length; i++) {
          double expected = seeds[i] * factor * slope(factor * (double) values[i]);
          assertEquals(expected, found[i], 2e-6 * (1 + Math.abs(factor * values[i] * seeds[i])));
        }
      }
    }
  }

  /** Where the sigmoid is 0 or 1 in float32, so is the slope. */
  @Test
  void farFromZero() {
    float[] values = new float[96];
    for (int i = 0; i < values.length; i++) {
      values[i] = (i % 2 == 0 ? -1 : 1) * (float) Math.pow(10, 2 + i % 7);
    }
    Tensor v = Tensor.of(values, 1, 16, 2, 3);
    float[] ones = new float[96];
    Arrays.fill(ones, 1);
    try (OrtGraph graph = new OrtGraph(model(Form.CONVOLUTION, 16))) {
      Map<String, double[]> found =
          graph.run(Map.of("v", v, "seed/y", Tensor.of(ones, 1, 16, 2, 3)));
      for (int i = 0; i < values.length; i++) {
        assertEquals(values[i] > 0 ? 1 : 0, found.get("grad/v")[i], 1e-6, "at " + values[i]);
      }
    }
  }
}
