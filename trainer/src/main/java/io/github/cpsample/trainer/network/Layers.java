package io.github.cpsample.trainer.network;

import java.util.List;

/**
 * The layers that networks share: blocks of {@link Ops} together with the parameters they own.
 *
 * @param <T> the tensor of the interpretation
 */
final class Layers<T> {

  private static final double LONGEST_PERIOD = 10_000;

  private final Ops<T> ops;

  Layers(Ops<T> ops) {
    this.ops = ops;
  }

  /** A convolution with an odd kernel that keeps the size at stride 1. */
  T conv(String name, T x, Conv shape) {
    T weight =
        ops.parameter(
            ParameterSpec.of(
                name + ".weight",
                shape.initializer(),
                shape.out(),
                shape.in(),
                shape.kernel(),
                shape.kernel()));
    T bias = ops.parameter(ParameterSpec.of(name + ".bias", Initializer.ZEROS, shape.out()));
    return ops.conv2d(x, weight, bias, shape.stride(), shape.kernel() / 2);
  }

  T linear(String name, T x, int in, int out, Initializer initializer) {
    T weight = ops.parameter(ParameterSpec.of(name + ".weight", initializer, out, in));
    T bias = ops.parameter(ParameterSpec.of(name + ".bias", Initializer.ZEROS, out));
    return ops.linear(x, weight, bias);
  }

  T normSilu(String name, T x, int channels, int groups) {
    T gamma = ops.parameter(ParameterSpec.of(name + ".gamma", Initializer.ONES, channels));
    T beta = ops.parameter(ParameterSpec.of(name + ".beta", Initializer.ZEROS, channels));
    return ops.silu(ops.groupNorm(x, groups, gamma, beta));
  }

  /** A vector per sample, added to every pixel: [N,in] to [N,out,1,1]. */
  T perChannel(String name, T vector, int in, int out) {
    return ops.reshape(linear(name, vector, in, out, Initializer.LECUN_NORMAL), out, 1, 1);
  }

  /**
   * Sinusoidal embedding of the timestep followed by two linear layers, activated (Ho et al., 2020,
   * arXiv 2006.11239, after Vaswani et al., 2017).
   */
  T timeEmbedding(String name, T t, int frequencies, int width) {
    float[] rates = new float[frequencies];
    for (int i = 0; i < frequencies; i++) {
      rates[i] = (float) Math.exp(-Math.log(LONGEST_PERIOD) * i / frequencies);
    }
    T angles = ops.mul(ops.reshape(t, 1), ops.constant(rates, 1, frequencies));
    T waves = ops.concat(List.of(ops.sin(angles), ops.cos(angles)));
    T hidden =
        ops.silu(linear(name + ".0", waves, 2 * frequencies, width, Initializer.LECUN_NORMAL));
    return linear(name + ".1", hidden, width, width, Initializer.LECUN_NORMAL);
  }

  /**
   * Single-head self-attention over the pixels with a residual connection.
   *
   * @param x [N,channels,side height, side width]
   */
  T attention(String name, T x, int channels, int[] size) {
    int pixels = size[0] * size[1];
    T gamma = ops.parameter(ParameterSpec.of(name + ".gamma", Initializer.ONES, channels));
    T beta = ops.parameter(ParameterSpec.of(name + ".beta", Initializer.ZEROS, channels));
    T normed = ops.groupNorm(x, 1, gamma, beta);
    Conv pointwise = new Conv(channels, channels, 1, 1, Initializer.LECUN_NORMAL);
    T query = ops.reshape(conv(name + ".query", normed, pointwise), channels, pixels);
    T key = ops.reshape(conv(name + ".key", normed, pointwise), channels, pixels);
    T value = ops.reshape(conv(name + ".value", normed, pointwise), channels, pixels);
    T scale = ops.constant(new float[] {(float) (1 / Math.sqrt(channels))}, 1, 1, 1);
    T scores = ops.matmul(ops.transpose(ops.mul(query, scale)), key);
    T mixed = ops.matmul(value, ops.transpose(ops.softmax(scores)));
    T image = ops.reshape(mixed, channels, size[0], size[1]);
    return ops.add(x, conv(name + ".out", image, pointwise.startingAt(Initializer.ZEROS)));
  }

  /** What a convolution layer is. */
  record Conv(int in, int out, int kernel, int stride, Initializer initializer) {

    static Conv of3x3(int in, int out) {
      return new Conv(in, out, 3, 1, Initializer.HE_NORMAL);
    }

    Conv startingAt(Initializer other) {
      return new Conv(in, out, kernel, stride, other);
    }

    Conv withStride(int other) {
      return new Conv(in, out, kernel, other, initializer);
    }
  }
}
