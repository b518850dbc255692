package io.github.cpsample.onnx.autodiff;

import io.github.cpsample.onnx.Node;
import java.util.Arrays;
import java.util.stream.LongStream;

/**
 * Which pixel every element of every position of a sliding window reads. Written from the
 * definitions of ONNX's operators, one output pixel after another.
 */
final class WindowTable {

  private final Node node;
  private final long[] image;
  private final long[] kernel;
  private final long[] output;
  private final long[] strides;
  private final long[] dilations;
  private final long[] pads;

  /**
   * The table of a Conv, ConvTranspose or pooling.
   *
   * @param node the operation
   * @param image sizes of its image, in space
   * @param kernel sizes of its window
   * @param output sizes of its output, in space
   */
  WindowTable(Node node, long[] image, long[] kernel, long... output) {
    this.node = node;
    this.image = image;
    this.kernel = kernel;
    this.output = output;
    long[] ones = new long[kernel.length];
    Arrays.fill(ones, 1);
    this.strides = node.ints("strides").orElse(ones);
    this.dilations = node.ints("dilations").orElse(ones);
    this.pads = pads();
  }

  private long[] pads() {
    long[] given = new long[2 * kernel.length];
    String auto = node.string("auto_pad", "NOTSET");
    if (!auto.startsWith("SAME")) {
      return node.ints("pads").orElse(given);
    }
    for (int i = 0; i < kernel.length; i++) {
      long reach = (output[i] - 1) * strides[i] + dilations[i] * (kernel[i] - 1) + 1;
      long total = Math.max(0, reach - image[i]);
      given[i] = auto.equals("SAME_UPPER") ? total / 2 : total - total / 2;
      given[i + kernel.length] = total - given[i];
    }
    return given;
  }

  static int product(long... sizes) {
    return Math.toIntExact(LongStream.of(sizes).reduce(1, Math::multiplyExact));
  }

  boolean isIdentity() {
    return product(kernel) == 1
        && product(strides) == 1
        && LongStream.of(pads).allMatch(p -> p == 0);
  }

  /** [window, output] of flat pixel indices; where there is no pixel, the number of pixels. */
  long[] reading() {
    return table(false);
  }

  /** The same for a transposed convolution. */
  long[] transposed() {
    return table(true);
  }

  private long[] table(boolean transposed) {
    int elements = product(kernel);
    int positions = product(output);
    long[] table = new long[elements * positions];
    for (int k = 0; k < elements; k++) {
      long[] element = unravelled(k, kernel);
      for (int o = 0; o < positions; o++) {
        table[k * positions + o] = pixel(unravelled(o, output), element, transposed);
      }
    }
    return table;
  }

  private long pixel(long[] position, long[] element, boolean transposed) {
    long flat = 0;
    for (int i = 0; i < image.length; i++) {
      long at =
          transposed
              ? position[i] + pads[i] - element[i] * dilations[i]
              : position[i] * strides[i] - pads[i] + element[i] * dilations[i];
      if (transposed) {
        if (at < 0 || at % strides[i] != 0) {
          return product(image);
        }
        at /= strides[i];
      }
      if (at < 0 || at >= image[i]) {
        return product(image);
      }
      flat = flat * image[i] + at;
    }
    return flat;
  }

  /** By how many pixels the sum over every window is divided. */
  double[] counts(boolean padsToo) {
    double[] counts = new double[product(output)];
    for (int o = 0; o < counts.length; o++) {
      long[] position = unravelled(o, output);
      for (int k = 0; k < product(kernel); k++) {
        counts[o] += isCounted(position, unravelled(k, kernel), padsToo) ? 1 : 0;
      }
    }
    return counts;
  }

  private boolean isCounted(long[] position, long[] element, boolean padsToo) {
    for (int i = 0; i < image.length; i++) {
      long at = position[i] * strides[i] - pads[i] + element[i] * dilations[i];
      long low = padsToo ? -pads[i] : 0;
      long high = padsToo ? image[i] + pads[i + image.length] : image[i];
      if (at < low || at >= high) {
        return false;
      }
    }
    return true;
  }

  private static long[] unravelled(int flat, long... sizes) {
    long[] index = new long[sizes.length];
    long rest = flat;
    for (int i = sizes.length - 1; i >= 0; i--) {
      index[i] = rest % sizes[i];
      rest /= sizes[i];
    }
    return index;
  }
}
