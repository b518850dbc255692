package io.github.cpsample.onnx.autodiff;

import io.github.cpsample.onnx.Attribute;
import io.github.cpsample.onnx.Shape;
import io.github.cpsample.onnx.Tensor;
import io.github.cpsample.onnx.autodiff.PixelPhases.Convolution;
import io.github.cpsample.onnx.autodiff.PixelPhases.Tap;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/**
 * A transposed convolution of planes, written as ordinary convolutions that compute blocks of
 * pixels, see {@link PixelPhases}. ONNX Runtime's convolutions keep to a blocked memory layout and
 * use all threads; its ConvTranspose does neither.
 *
 * <p>With few channels, one convolution computes square blocks, as many channels as the blocked
 * layout has to fill anyway, and DepthToSpace spreads them. With many channels there is one
 * convolution per row of a block, so that none has more taps than it needs; channels come last
 * while rows are put together, so that whole vectors are moved.
 */
final class BlockedTransposition {

  /** ONNX Runtime's widest blocks of channels. */
  private static final int LANES = 16;

  /** Larger images and pads are left alone: arithmetic with them might overflow. */
  private static final long LARGEST_SIZE = 1L << 15;

  /** Larger kernels, strides and dilations are left alone: they would take long to lay out. */
  private static final long LARGEST_STEP = 64;

  private final Emitter e;
  private final Kernel kernel;
  private final int channels;
  private final PixelPhases rows;
  private final PixelPhases columns;

  private BlockedTransposition(Emitter e, Kernel kernel, PixelPhases rows, PixelPhases columns) {
    this.e = e;
    this.kernel = kernel;
    this.channels = Math.toIntExact(kernel.weights().sizes()[1]);
    this.rows = rows;
    this.columns = columns;
  }

  /**
   * The transposition where this form is faster.
   *
   * @param e where to emit
   * @param window the forward convolution's
   * @param kernel the forward convolution's
   * @param cotangent [N, M, windows...]
   * @param image a value with the image's sizes, [N, C, space...]
   */
  static Optional<BlockedTransposition> of(
      Emitter e, Window window, Kernel kernel, String cotangent, String image) {
    long[] sizes = kernel.weights().sizes();
    Optional<Shape> from = e.shape(cotangent).filter(BlockedTransposition::isFixed);
    Optional<Shape> to = e.shape(image).filter(BlockedTransposition::isFixed);
    boolean fits =
        window.space() == 2 && kernel.group() == 1 && !window.isOpen() && sizes[0] % LANES == 0;
    if (!fits || from.isEmpty() || to.isEmpty() || !isModest(window)) {
      return Optional.empty();
    }
    int channels = Math.toIntExact(sizes[1]);
    PixelPhases rows = phases(window, from.get(), to.get(), channels, 0);
    PixelPhases columns = phases(window, from.get(), to.get(), channels, 1);
    boolean pays =
        channels < LANES
            ? rows.block() == columns.block() && rows.block() > 1
            : channels % LANES == 0 && rows.reachAllPixels() && columns.reachAllPixels();
    return Optional.of(new BlockedTransposition(e, kernel, rows, columns))
        .filter(t -> pays && t.elements() <= Appender.LARGEST_CONSTANT);
  }

  private static boolean isFixed(Shape shape) {
    return shape.rank() == 4
        && shape.dims().subList(2, 4).stream()
            .allMatch(dim -> dim.isFixed() && dim.size() > 0 && dim.size() < LARGEST_SIZE);
  }

  private static boolean isModest(Window window) {
    return LongStream.of(window.pads()).allMatch(pad -> pad >= 0 && pad < LARGEST_SIZE)
        && Stream.of(window.kernel(), window.strides(), window.dilations())
            .flatMapToLong(LongStream::of)
            .allMatch(step -> step > 0 && step <= LARGEST_STEP);
  }

  private static PixelPhases phases(Window window, Shape from, Shape to, int channels, int axis) {
    int stride = Math.toIntExact(window.strides()[axis]);
    int block = stride;
    while (4 * block * block * channels <= LANES) {
      block *= 2;
    }
    return new PixelPhases(
        Math.toIntExact(window.kernel()[axis]),
        stride,
        Math.toIntExact(window.dilations()[axis]),
        Math.toIntExact(window.pads()[axis]),
        Math.toIntExact(from.dim(axis + 2).size()),
        Math.toIntExact(to.dim(axis + 2).size()),
        block);
  }

  /** Emits it for a cotangent of the sizes that were given. */
  String apply(String cotangent) {
    String pixels = channels < LANES ? squares(cotangent) : lines(cotangent);
    String high = cropped(pixels, 2, rows);
    return cropped(high, 3, columns);
  }

  private String squares(String cotangent) {
    return e.node(
        "DepthToSpace",
        List.of(convolution(cotangent, 0, rows.block())),
        Attribute.integer("blocksize", rows.block()));
  }

  private String lines(String cotangent) {
    long width = (long) columns.blocks() * columns.block();
    List<String> lines = new ArrayList<>();
    for (int row = 0; row < rows.block(); row++) {
      String last = e.transpose(convolution(cotangent, row, row + 1), 0, 2, 3, 1);
      lines.add(e.reshape(last, 0, rows.blocks(), 1, width * channels));
    }
    long height = (long) rows.blocks() * rows.block();
    String together = e.reshape(e.concat(lines, 2), 0, height, width, channels);
    return e.transpose(together, 0, 3, 1, 2);
  }

  /** [N, (row, column, channel), blocks...] of some rows of every block. */
  private String convolution(String cotangent, int from, int to) {
    Convolution down = rows.convolution(from, to);
    Convolution across = columns.convolution(0, columns.block());
    return e.node(
        "Conv",
        List.of(cotangent, e.constant(weights(down, across, from, to))),
        Attribute.ints("strides", down.stride(), across.stride()),
        Attribute.ints("pads", down.begin(), across.begin(), down.end(), across.end()));
  }

  /**
   * At least as many elements as the largest of the kernels has; rounded, but never overflowing.
   */
  private double elements() {
    Convolution down = rows.convolution(0, rows.block());
    Convolution across = columns.convolution(0, columns.block());
    double plane = (double) down.length() * across.length();
    double made = (double) rows.block() * columns.block() * channels;
    return plane * made * kernel.weights().sizes()[0];
  }

  private Tensor weights(Convolution down, Convolution across, int from, int to) {
    int outputs = Math.toIntExact(kernel.weights().sizes()[0]);
    int plane = down.length() * across.length();
    int made = (to - from) * columns.block() * channels;
    double[] given = kernel.weights().doubles();
    double[] result = new double[made * outputs * plane];
    for (Tap y : down.taps()) {
      for (Tap x : across.taps()) {
        int place = down.position(y) * across.length() + across.position(x);
        int first = ((y.phase() - from) * columns.block() + x.phase()) * channels;
        for (int c = 0; c < channels; c++) {
          for (int m = 0; m < outputs; m++) {
            int source = (m * channels + c) * rows.kernel() + y.index();
            result[((first + c) * outputs + m) * plane + place] =
                given[source * columns.kernel() + x.index()];
          }
        }
      }
    }
    return Constants.like(kernel.weights(), result, made, outputs, down.length(), across.length());
  }

  private String cropped(String value, int axis, PixelPhases phases) {
    return phases.size() == phases.blocks() * phases.block()
        ? value
        : e.slice(value, axis, e.integers(0), e.integers(phases.size()));
  }
}
