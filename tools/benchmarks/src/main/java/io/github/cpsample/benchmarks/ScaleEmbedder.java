package io.github.cpsample.benchmarks;

import io.github.cpsample.onnx.Attribute;
import io.github.cpsample.onnx.Dim;
import io.github.cpsample.onnx.ElementType;
import io.github.cpsample.onnx.GraphBuilder;
import io.github.cpsample.onnx.OnnxCodec;
import io.github.cpsample.onnx.Shape;
import io.github.cpsample.onnx.Value;
import java.util.List;
import java.util.Random;

/**
 * An embedder with random weights that costs what a small one costs: six convolutions from 32 x 32
 * to 4 x 4, 34 million multiply-adds per image, 256 features.
 */
final class ScaleEmbedder {

  private static final int[] WIDTHS = {3, 32, 64, 64, 128, 128, 256};
  private static final int[] STRIDES = {1, 2, 1, 2, 1, 2};
  private static final int KERNEL = 3;

  private ScaleEmbedder() {}

  /** The ONNX file. */
  static byte[] model() {
    GraphBuilder g = new GraphBuilder("embedder", 17);
    Dim batch = Dim.symbolic("N");
    Value x = g.input("x", ElementType.FLOAT, Shape.of(batch, Dim.of(3), Dim.of(32), Dim.of(32)));
    Random random = new Random(1);
    for (int layer = 0; layer < STRIDES.length; layer++) {
      int in = WIDTHS[layer];
      int out = WIDTHS[layer + 1];
      Value weight = g.constant("w" + layer, weights(random, in, out), out, in, KERNEL, KERNEL);
      Value sum =
          g.node(
              "Conv",
              List.of(x, weight),
              Attribute.ints("kernel_shape", KERNEL, KERNEL),
              Attribute.ints("strides", STRIDES[layer], STRIDES[layer]),
              Attribute.ints("pads", 1, 1, 1, 1));
      x = g.node("Relu", List.of(sum));
    }
    int features = WIDTHS[STRIDES.length];
    Value pooled = g.node("GlobalAveragePool", List.of(x));
    g.output(
        "features",
        pooled,
        ElementType.FLOAT,
        Shape.of(batch, Dim.of(features), Dim.of(1), Dim.of(1)));
    return OnnxCodec.toBytes(g.build());
  }

  /** He's initialisation. */
  private static float[] weights(Random random, int in, int out) {
    float[] weights = new float[in * out * KERNEL * KERNEL];
    double size = Math.sqrt(2.0 / (in * KERNEL * KERNEL));
    for (int i = 0; i < weights.length; i++) {
      weights[i] = (float) (size * random.nextGaussian());
    }
    return weights;
  }
}
