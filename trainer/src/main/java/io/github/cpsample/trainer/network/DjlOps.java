package io.github.cpsample.trainer.network;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.convolutional.Conv2d;
import ai.djl.nn.core.Linear;
import java.util.List;
import java.util.Map;

/**
 * Interprets a network with DJL arrays.
 *
 * <p>All arrays it creates belong to the manager of their operands; the caller closes that manager
 * after the step. Not thread-safe.
 */
public final class DjlOps implements Ops<NDArray> {

  /** Convolutions of libtorch 2.7 read uninitialised padding unless channels come in sixteens. */
  private static final int CHANNEL_BLOCK = 16;

  private static final float NORM_EPSILON = 1e-5f;

  private final NDManager manager;
  private final Map<String, NDArray> parameters;

  /**
   * An interpretation with the given parameter values.
   *
   * @param manager owns constants; not closed here
   * @param parameters values by name, not modified
   */
  public DjlOps(NDManager manager, Map<String, NDArray> parameters) {
    this.manager = manager;
    this.parameters = Map.copyOf(parameters);
  }

  @Override
  public NDArray parameter(ParameterSpec spec) {
    NDArray value = parameters.get(spec.name());
    if (value == null) {
      throw new IllegalArgumentException(
          "Parameter " + spec.name() + ": expected a value, found none in " + parameters.keySet());
    }
    return value;
  }

  @Override
  public NDArray constant(float[] values, int... shape) {
    return manager.create(values, shape(shape));
  }

  @Override
  public NDArray conv2d(NDArray x, NDArray weight, NDArray bias, int stride, int padding) {
    long out = weight.getShape().get(0);
    NDArray fedX = padAxis(x, 1);
    NDArray fedWeight = padAxis(padAxis(weight, 1), 0);
    NDArray result =
        Conv2d.conv2d(
                fedX,
                fedWeight,
                padAxis(bias, 0),
                new Shape(stride, stride),
                new Shape(padding, padding))
            .singletonOrThrow();
    return result.getShape().get(1) == out ? result : result.get(":, :{}", out);
  }

  private NDArray padAxis(NDArray array, int axis) {
    long missing = Math.floorMod(-array.getShape().get(axis), CHANNEL_BLOCK);
    if (missing == 0) {
      return array;
    }
    long[] zeros = array.getShape().getShape().clone();
    zeros[axis] = missing;
    return array.concat(manager.zeros(new Shape(zeros)), axis);
  }

  @Override
  public NDArray linear(NDArray x, NDArray weight, NDArray bias) {
    return Linear.linear(x, weight, bias).singletonOrThrow();
  }

  @Override
  public NDArray groupNorm(NDArray x, int groups, NDArray gamma, NDArray beta) {
    Shape shape = x.getShape();
    long channels = shape.get(1);
    Shape group = new Shape(channels / groups * shape.get(2) * shape.get(3));
    NDArray rows = x.reshape(shape.get(0), groups, group.get(0));
    NDArray normed =
        rows.getNDArrayInternal()
            .layerNorm(rows, group, manager.ones(group), manager.zeros(group), NORM_EPSILON)
            .singletonOrThrow()
            .reshape(shape);
    return normed.mul(gamma.reshape(1, channels, 1, 1)).add(beta.reshape(1, channels, 1, 1));
  }

  @Override
  public NDArray silu(NDArray x) {
    return x.mul(x.getNDArrayInternal().sigmoid());
  }

  @Override
  public NDArray add(NDArray a, NDArray b) {
    return a.add(b);
  }

  @Override
  public NDArray mul(NDArray a, NDArray b) {
    return a.mul(b);
  }

  @Override
  public NDArray sin(NDArray x) {
    return x.sin();
  }

  @Override
  public NDArray cos(NDArray x) {
    return x.cos();
  }

  @Override
  public NDArray softmax(NDArray x) {
    return x.softmax(-1);
  }

  @Override
  public NDArray matmul(NDArray a, NDArray b) {
    return a.batchMatMul(b);
  }

  @Override
  public NDArray transpose(NDArray x) {
    return x.transpose(0, 2, 1);
  }

  @Override
  public NDArray concat(List<NDArray> parts) {
    NDArray first = parts.get(0);
    return first.getNDArrayInternal().concat(new NDList(parts.subList(1, parts.size())), 1);
  }

  @Override
  public NDArray reshape(NDArray x, int... sampleShape) {
    long[] axes = new long[sampleShape.length + 1];
    axes[0] = x.getShape().get(0);
    for (int i = 0; i < sampleShape.length; i++) {
      axes[i + 1] = sampleShape[i];
    }
    return x.reshape(axes);
  }

  @Override
  public NDArray upsampleNearest(NDArray x) {
    Shape shape = x.getShape();
    long[] size = {2 * shape.get(2), 2 * shape.get(3)};
    return x.getNDArrayInternal().interpolation(size, 0, false);
  }

  @Override
  public NDArray spaceToDepth(NDArray x, int block) {
    Shape s = x.getShape();
    long height = s.get(2) / block;
    long width = s.get(3) / block;
    return x.reshape(s.get(0), s.get(1), height, block, width, block)
        .transpose(0, 3, 5, 1, 2, 4)
        .reshape(s.get(0), s.get(1) * block * block, height, width);
  }

  @Override
  public NDArray depthToSpace(NDArray x, int block) {
    Shape s = x.getShape();
    long channels = s.get(1) / block / block;
    return x.reshape(s.get(0), block, block, channels, s.get(2), s.get(3))
        .transpose(0, 3, 4, 1, 5, 2)
        .reshape(s.get(0), channels, s.get(2) * block, s.get(3) * block);
  }

  @Override
  public NDArray globalAveragePool(NDArray x) {
    Shape shape = x.getShape();
    return x.reshape(shape.get(0), shape.get(1), -1).mean(new int[] {2});
  }

  @Override
  public NDArray embedding(NDArray table, NDArray indices) {
    return table.get(indices.toType(DataType.INT64, false));
  }

  private static Shape shape(int... axes) {
    long[] sizes = new long[axes.length];
    for (int i = 0; i < axes.length; i++) {
      sizes[i] = axes[i];
    }
    return new Shape(sizes);
  }
}
