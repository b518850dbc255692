package io.github.cpsample.onnx.autodiff;

import io.github.cpsample.onnx.Tensor;

/**
 * A constant kernel of a convolution.
 *
 * @param weights [M, C/group, space...]
 * @param group into how many groups input and output channels fall
 */
record Kernel(Tensor weights, int group) {

  /** Every output channel's weights multiplied by its factor. */
  Kernel scaled(double... factors) {
    double[] values = weights.doubles();
    int each = values.length / Math.max(1, factors.length);
    for (int i = 0; i < values.length; i++) {
      values[i] *= factors[i / each];
    }
    return new Kernel(Constants.like(weights, values, weights.sizes()), group);
  }

  /** [M, C/group, space...] to [C, M/group, space... flipped], group by group. */
  Tensor flipped() {
    long[] sizes = weights.sizes();
    int outputs = Math.toIntExact(sizes[0]) / group;
    int inputs = Math.toIntExact(sizes[1]);
    double[] from = weights.doubles();
    int space = from.length / Math.max(1, outputs * group * inputs);
    double[] to = new double[from.length];
    for (int g = 0; g < group; g++) {
      for (int m = 0; m < outputs; m++) {
        for (int c = 0; c < inputs; c++) {
          int source = ((g * outputs + m) * inputs + c) * space;
          int target = ((g * inputs + c) * outputs + m) * space;
          for (int s = 0; s < space; s++) {
            to[target + space - 1 - s] = from[source + s];
          }
        }
      }
    }
    sizes[0] = (long) inputs * group;
    sizes[1] = outputs;
    return Constants.like(weights, to, sizes);
  }
}
