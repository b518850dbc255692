package io.github.cpsample.onnx.autodiff;

import io.github.cpsample.onnx.Attribute;
import io.github.cpsample.onnx.Dim;
import io.github.cpsample.onnx.ElementType;
import io.github.cpsample.onnx.GraphBuilder;
import io.github.cpsample.onnx.OnnxModel;
import io.github.cpsample.onnx.Shape;
import io.github.cpsample.onnx.Value;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/**
 * Two residual blocks conditioned on time by scale and shift, group normalisation written as
 * instance normalisation, SiLU, self-attention over pixels, downsampling, upsampling with a skip
 * connection, and a pooled linear head.
 */
final class CompositeNetwork {

  private static final int WIDTH = 8;
  private static final int GROUPS = 2;

  private final GraphBuilder g = new GraphBuilder("composite", 17);
  private final Random random = new Random(1);
  private int constants;

  private CompositeNetwork() {}

  /** Inputs x [N, 2, H, W] and t [N], output logits [N, 3]. */
  static OnnxModel model(Dim batch, Dim height, Dim width) {
    return new CompositeNetwork().build(batch, height, width);
  }

  private OnnxModel build(Dim batch, Dim height, Dim width) {
    Value x = g.input("x", ElementType.FLOAT, Shape.of(batch, Dim.of(2), height, width));
    Value t = g.input("t", ElementType.FLOAT, Shape.of(batch));
    Value time = time(t);
    Value stem = conv(x, 2, WIDTH, 3, 1);
    Value high = residual(stem, time);
    Value low = attention(residual(conv(high, WIDTH, WIDTH, 3, 2), time));
    Value joined = g.concat(List.of(high, upsampled(low)), 1);
    Value mixed = silu(groupNorm(conv(joined, 2 * WIDTH, WIDTH, 1, 1)));
    Value pooled = g.node("GlobalAveragePool", List.of(mixed));
    Value flat = g.node("Flatten", List.of(pooled));
    Value logits = linear(flat, WIDTH, 3);
    g.output("logits", logits, ElementType.FLOAT, Shape.of(batch, Dim.of(3)));
    return g.build();
  }

  private Value weights(double scale, long... sizes) {
    float[] values = new float[(int) Arrays.stream(sizes).reduce(1, (a, b) -> a * b)];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) (random.nextGaussian() * scale);
    }
    return g.constant("w" + constants++, values, sizes);
  }

  private Value integers(long... values) {
    return g.constant("w" + constants++, values, values.length);
  }

  private Value op(String operator, Value... operands) {
    return g.node(operator, List.of(operands));
  }

  private Value time(Value t) {
    Value column = op("Unsqueeze", t, integers(1));
    Value angles = op("Mul", column, g.constant("frequencies", new float[] {1, 0.1f, 0.01f}, 1, 3));
    Value waves = g.concat(List.of(op("Sin", angles), op("Cos", angles)), 1);
    return silu(linear(waves, 6, WIDTH));
  }

  private Value linear(Value x, int in, int out) {
    return g.node(
        "Gemm",
        List.of(x, weights(1 / Math.sqrt(in), out, in), weights(0.1, out)),
        Attribute.integer("transB", 1));
  }

  private Value conv(Value x, int in, int out, int kernel, int stride) {
    int pad = kernel / 2;
    return g.node(
        "Conv",
        List.of(
            x,
            weights(1 / Math.sqrt(in * kernel * kernel), out, in, kernel, kernel),
            weights(0.1, out)),
        Attribute.ints("strides", stride, stride),
        Attribute.ints("pads", pad, pad, pad, pad));
  }

  private Value silu(Value x) {
    return op("Mul", x, op("Sigmoid", x));
  }

  private Value groupNorm(Value x) {
    Value rows = op("Reshape", x, integers(0, GROUPS, -1));
    Value ones = g.constant("w" + constants++, new float[] {1, 1}, GROUPS);
    Value zeros = g.constant("w" + constants++, new float[GROUPS], GROUPS);
    Value normed = op("InstanceNormalization", rows, ones, zeros);
    Value image = op("Reshape", normed, op("Shape", x));
    Value scaled = op("Mul", image, weights(1, WIDTH, 1, 1));
    return op("Add", scaled, weights(0.1, WIDTH, 1, 1));
  }

  private Value residual(Value x, Value time) {
    Value h = conv(silu(groupNorm(x)), WIDTH, WIDTH, 3, 1);
    Value film = op("Reshape", linear(time, WIDTH, 2 * WIDTH), integers(-1, 2 * WIDTH, 1, 1));
    List<Value> parts = g.nodes("Split", List.of(film), 2, Attribute.integer("axis", 1));
    Value one = g.constant("w" + constants++, new float[] {1});
    Value modulated =
        op("Add", op("Mul", groupNorm(h), op("Add", parts.get(0), one)), parts.get(1));
    return op("Add", x, conv(silu(modulated), WIDTH, WIDTH, 3, 1));
  }

  private Value attention(Value x) {
    Value tokens = op("Reshape", groupNorm(x), integers(0, WIDTH, -1));
    Value rows = g.transpose(tokens, 0, 2, 1);
    Value query = op("MatMul", rows, weights(0.4, WIDTH, WIDTH));
    Value key = op("MatMul", rows, weights(0.4, WIDTH, WIDTH));
    Value value = op("MatMul", rows, weights(0.4, WIDTH, WIDTH));
    Value keys = g.transpose(key, 0, 2, 1);
    Value scale = g.constant("w" + constants++, new float[] {(float) (1 / Math.sqrt(WIDTH))});
    Value scores = op("Mul", op("MatMul", query, keys), scale);
    Value share = g.softmax(scores, -1);
    Value mixed = op("MatMul", share, value);
    Value back = g.transpose(mixed, 0, 2, 1);
    return op("Add", x, op("Reshape", back, op("Shape", x)));
  }

  private Value upsampled(Value x) {
    return g.node(
        "Resize",
        List.of(x, g.omitted(), g.constant("scales", new float[] {1, 1, 2, 2}, 4)),
        Attribute.string("mode", "nearest"),
        Attribute.string("coordinate_transformation_mode", "asymmetric"),
        Attribute.string("nearest_mode", "floor"));
  }
}
