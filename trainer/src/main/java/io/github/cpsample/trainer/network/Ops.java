package io.github.cpsample.trainer.network;

import java.util.List;

/**
 * The building blocks that networks are made of.
 *
 * <p>A network is generic code over this interface. What {@code T} is decides what running that
 * code means: {@code Ops<NDArray>} computes (and, inside a gradient collector, differentiates) with
 * DJL, {@code Ops<Value>} writes an ONNX graph, {@code Ops<TensorShape>} checks shapes, collects
 * parameters and counts multiplications. There is no second description of a network, so an export
 * cannot drift from training.
 *
 * <p>Every tensor's first axis is the batch axis N, except for parameters and constants.
 *
 * @param <T> the tensor of the interpretation
 */
public interface Ops<T> {

  /**
   * A trained parameter. Asking twice for the same name gives the same parameter.
   *
   * @param spec its name, shape and initial distribution
   * @return the parameter
   */
  T parameter(ParameterSpec spec);

  /**
   * A constant that is not trained.
   *
   * @param values the values, row-major
   * @param shape the shape; its product is the number of values
   * @return the constant
   */
  T constant(float[] values, int... shape);

  /**
   * Two-dimensional cross-correlation with zero padding, as torch's {@code conv2d}.
   *
   * @param x [N,Cin,H,W]
   * @param weight [Cout,Cin,k,k]
   * @param bias [Cout]
   * @param stride step in both directions
   * @param padding zeros on every side
   * @return [N,Cout,H',W'] with H' = (H + 2 padding - k) / stride + 1
   */
  T conv2d(T x, T weight, T bias, int stride, int padding);

  /**
   * {@code x weight^T + bias}.
   *
   * @param x [N,in]
   * @param weight [out,in]
   * @param bias [out]
   * @return [N,out]
   */
  T linear(T x, T weight, T bias);

  /**
   * Group normalisation (Wu and He, 2018, arXiv 1803.08494): each sample's channels are normalised
   * in groups to mean 0 and variance 1 (epsilon 1e-5), then scaled and shifted per channel.
   *
   * @param x [N,C,H,W]
   * @param groups the number of groups, a divisor of C
   * @param gamma [C]
   * @param beta [C]
   * @return [N,C,H,W]
   */
  T groupNorm(T x, int groups, T gamma, T beta);

  /**
   * {@code x * sigmoid(x)} (Elfwing et al., 2017, arXiv 1702.03118).
   *
   * @param x any shape
   * @return the same shape
   */
  T silu(T x);

  /**
   * Sum with broadcasting.
   *
   * @param a one term
   * @param b the other
   * @return the sum
   */
  T add(T a, T b);

  /**
   * Elementwise product with broadcasting.
   *
   * @param a one factor
   * @param b the other
   * @return the product
   */
  T mul(T a, T b);

  /**
   * Elementwise sine.
   *
   * @param x any shape, radians
   * @return the same shape
   */
  T sin(T x);

  /**
   * Elementwise cosine.
   *
   * @param x any shape, radians
   * @return the same shape
   */
  T cos(T x);

  /**
   * Softmax over the last axis.
   *
   * @param x any shape
   * @return the same shape
   */
  T softmax(T x);

  /**
   * Batched matrix product.
   *
   * @param a [N,i,j]
   * @param b [N,j,k]
   * @return [N,i,k]
   */
  T matmul(T a, T b);

  /**
   * Swaps the last two axes.
   *
   * @param x [N,i,j]
   * @return [N,j,i]
   */
  T transpose(T x);

  /**
   * Concatenates along axis 1.
   *
   * @param parts tensors that agree in all other axes
   * @return the concatenation
   */
  T concat(List<T> parts);

  /**
   * Gives every sample another shape; the batch axis stays.
   *
   * @param x [N,...]
   * @param sampleShape the new shape of one sample
   * @return [N,sampleShape...]
   */
  T reshape(T x, int... sampleShape);

  /**
   * Doubles height and width by repeating every pixel.
   *
   * @param x [N,C,H,W]
   * @return [N,C,2H,2W]
   */
  T upsampleNearest(T x);

  /**
   * Moves blocks of pixels into channels; channel {@code (dy * block + dx) * C + c} of the result
   * holds pixel (dy, dx) of channel c, as ONNX's {@code SpaceToDepth}.
   *
   * @param x [N,C,H,W]
   * @param block the block's side, a divisor of H and W
   * @return [N,C block^2,H/block,W/block]
   */
  T spaceToDepth(T x, int block);

  /**
   * The inverse of {@link #spaceToDepth}, as ONNX's {@code DepthToSpace} in mode DCR.
   *
   * @param x [N,C block^2,H,W]
   * @param block the block's side
   * @return [N,C,H block,W block]
   */
  T depthToSpace(T x, int block);

  /**
   * Mean over height and width.
   *
   * @param x [N,C,H,W]
   * @return [N,C]
   */
  T globalAveragePool(T x);

  /**
   * Rows of a table.
   *
   * @param table [rows,width]
   * @param indices [N], integers in [0,rows)
   * @return [N,width]
   */
  T embedding(T table, T indices);
}
