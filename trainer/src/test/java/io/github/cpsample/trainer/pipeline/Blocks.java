package io.github.cpsample.trainer.pipeline;

import io.github.cpsample.onnx.Attribute;
import io.github.cpsample.onnx.ElementType;
import io.github.cpsample.onnx.GraphBuilder;
import io.github.cpsample.onnx.Tensor;
import io.github.cpsample.onnx.Value;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * The blocks that the pipeline's networks are made of, written into one graph. Weights are drawn
 * from a normal distribution with variance 1 / fanIn, in the order of the calls. Not thread-safe.
 */
final class Blocks {
  static final int OPSET = 17;

  private static final float NORM_EPSILON = 1e-5f;
  private static final float MASKED = -1e9f;
  private static final double LONGEST_PERIOD = 10_000;

  private final GraphBuilder graph;
  private final RandomGenerator random;

  Blocks(GraphBuilder graph, RandomGenerator random) {
    this.graph = graph;
    this.random = random;
  }

  Value weight(String name, int fanIn, long... sizes) {
    int count = Math.toIntExact(Arrays.stream(sizes).reduce(1, Math::multiplyExact));
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = (float) (random.nextGaussian() / Math.sqrt(fanIn));
    }
    return graph.constant(name, values, sizes);
  }

  /** A convolution with an odd kernel and no bias. */
  Value conv(String name, Value x, int in, int out, int kernel, int stride) {
    int pad = kernel / 2;
    return graph.conv(
        List.of(x, weight(name + ".weight", in * kernel * kernel, out, in, kernel, kernel)),
        stride,
        pad);
  }

  /** [..., in] to [..., out]. */
  Value dense(String name, Value x, int in, int out) {
    return graph.matMul(x, weight(name + ".weight", in, in, out));
  }

  Value scaled(Value x, double factor) {
    return graph.mul(x, vector((float) factor));
  }

  /** Every sample's channels are normalised to mean 0 and variance 1. */
  Value norm(Value x, int channels) {
    float[] ones = new float[channels];
    Arrays.fill(ones, 1);
    return graph.instanceNorm(x, vector(ones), vector(new float[channels]), NORM_EPSILON);
  }

  /** Normalises the last axis. */
  Value layerNorm(Value x, int width) {
    float[] ones = new float[width];
    Arrays.fill(ones, 1);
    return graph.node(
        "LayerNormalization",
        List.of(x, vector(ones), vector(new float[width])),
        Attribute.integer("axis", -1),
        Attribute.decimal("epsilon", NORM_EPSILON));
  }

  /**
   * Single-head attention (Vaswani et al., 2017, arXiv 1706.03762): softmax(Q K^T / sqrt(d)) V,
   * then a linear layer.
   *
   * @param x what asks, [N,P,width]
   * @param context what is looked at, [N,S,contextWidth]
   */
  Value attention(String name, Value x, int width, Value context, int contextWidth) {
    return attention(name, x, width, context, contextWidth, null);
  }

  /** Attention in which no position sees a later one. */
  Value causalAttention(String name, Value x, int width, int positions) {
    float[] mask = new float[positions * positions];
    for (int i = 0; i < mask.length; i++) {
      mask[i] = i % positions > i / positions ? MASKED : 0;
    }
    Value added = graph.constant(name + ".mask", mask, 1, positions, positions);
    return attention(name, x, width, x, width, added);
  }

  private Value attention(
      String name, Value x, int width, Value context, int contextWidth, Value mask) {
    Value query = dense(name + ".query", x, width, width);
    Value key = dense(name + ".key", context, contextWidth, width);
    Value value = dense(name + ".value", context, contextWidth, width);
    Value turned = graph.transpose(key, 0, 2, 1);
    Value scores = scaled(graph.matMul(query, turned), 1 / Math.sqrt(width));
    Value seen = mask == null ? scores : graph.add(scores, mask);
    Value shares = graph.softmax(seen, -1);
    Value mixed = graph.matMul(shares, value);
    return dense(name + ".out", mixed, width, width);
  }

  /** [N,C,H,W] to [N,H*W,C]. */
  Value pixels(Value image, int channels) {
    Value rows = graph.reshape(image, 0, channels, -1);
    return graph.transpose(rows, 0, 2, 1);
  }

  /** [N,H*W,C] to [N,C,H,W]. */
  Value image(Value pixels, int channels, int size) {
    Value planes = graph.transpose(pixels, 0, 2, 1);
    return graph.reshape(planes, 0, channels, size, size);
  }

  Value upsample(Value x, int factor) {
    return graph.repeatPixels(x, vector(), vector(1, 1, factor, factor));
  }

  /**
   * Sinusoidal embedding of timesteps and two layers: int64 [N] or [1] to the same [,width,1,1].
   */
  Value time(String name, Value timestep, int width) {
    float[] rates = new float[width / 2];
    for (int i = 0; i < rates.length; i++) {
      rates[i] = (float) Math.exp(-Math.log(LONGEST_PERIOD) * i / rates.length);
    }
    Value number = graph.cast(timestep, ElementType.FLOAT);
    Value column = graph.reshape(number, -1, 1);
    Value angles = graph.mul(column, graph.constant(name + ".rates", rates, 1, width / 2));
    Value waves = graph.concat(List.of(graph.sin(angles), graph.cos(angles)), 1);
    Value hidden = graph.silu(dense(name + ".0", waves, width, width));
    Value embedded = dense(name + ".1", hidden, width, width);
    return graph.reshape(embedded, -1, width, 1, 1);
  }

  private Value vector(float... values) {
    return graph.constant(Tensor.of(values, values.length));
  }
}
