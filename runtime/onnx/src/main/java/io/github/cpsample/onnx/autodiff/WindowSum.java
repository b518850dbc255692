package io.github.cpsample.onnx.autodiff;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;

/**
 * The adjoint of summing over sliding windows, channel by channel: every pixel gets the sum of what
 * its windows got, which is a transposed convolution with a kernel of equal weights. Channels
 * become images of their own, so that one kernel serves them all.
 */
final class WindowSum {

  private final NodeAdjoint n;
  private final Emitter e;
  private final Window window;

  /**
   * Of a pooling operator.
   *
   * @param node its first input is the image, its output the windows
   * @param window how they lie
   */
  WindowSum(NodeAdjoint node, Window window) {
    this.n = node;
    this.e = node.emit();
    this.window = window;
  }

  /** The window of a pooling operator. */
  static Window window(NodeAdjoint n) {
    return Window.of(
        n, n.node().ints("kernel_shape").orElseThrow(() -> n.refuse("it has no kernel_shape")));
  }

  /** What the pixels get, from what the windows got, times a weight. */
  String image(String share, double weight) {
    String single = asSingleChannel(share, n.out());
    String image = asSingleChannel(n.in(0), n.in(0));
    String kernel = e.filled(weight, n.in(0), kernelSizes());
    return e.reshapeLike(new TransposedWindow(e, window, 1).apply(single, kernel, image), n.in(0));
  }

  long[] kernelSizes() {
    return LongStream.concat(LongStream.of(1, 1), LongStream.of(window.kernel())).toArray();
  }

  private String asSingleChannel(String value, String sized) {
    List<String> sizes = new ArrayList<>(List.of(e.integers(-1), e.integers(1)));
    for (int i = 2; i < n.rank(0); i++) {
      sizes.add(e.size(sized, i));
    }
    return e.reshape(value, e.concat(sizes, 0));
  }
}
