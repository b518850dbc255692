package io.github.cpsample.onnx.autodiff;

import java.util.ArrayList;
import java.util.List;

/**
 * One axis of a transposed convolution, cut into blocks of {@code block} pixels, a multiple of the
 * stride: pixel u of block b is
 *
 * <p>x[block b + u] = sum over k of w[k] g[(block / stride) b + (u + pad - k dilation) / stride],
 *
 * <p>over those k for which the stride divides the numerator. So a run of phases u is an ordinary
 * convolution of g with stride {@code block / stride}, whose outputs are the phases.
 *
 * @param kernel number of taps
 * @param stride the forward convolution's
 * @param dilation the forward convolution's
 * @param pad zeros before the image
 * @param windows size of g
 * @param size size of x
 * @param block pixels of a block
 */
record PixelPhases(
    int kernel, int stride, int dilation, int pad, int windows, int size, int block) {

  /** A tap of the forward kernel and how far into g it reaches from where a block begins. */
  record Tap(int phase, int index, int offset) {}

  /** An ordinary convolution along the axis that computes some phases of every block. */
  record Convolution(List<Tap> taps, int length, int stride, int begin, int end) {

    /** Where a tap stands in this convolution's kernel. */
    int position(Tap tap) {
      return tap.offset() + begin;
    }
  }

  /** How many blocks cover the image; the last may reach beyond it. */
  int blocks() {
    return (size + block - 1) / block;
  }

  private List<Tap> taps(int from, int to) {
    List<Tap> taps = new ArrayList<>();
    for (int u = from; u < to; u++) {
      for (int k = 0; k < kernel; k++) {
        int distance = u + pad - k * dilation;
        if (distance % stride == 0) {
          taps.add(new Tap(u, k, distance / stride));
        }
      }
    }
    return taps;
  }

  /** Whether every phase has a tap; those that have none are zeros. */
  boolean reachAllPixels() {
    for (int u = 0; u < block; u++) {
      if (taps(u, u + 1).isEmpty()) {
        return false;
      }
    }
    return true;
  }

  /** The convolution that computes the phases from (inclusive) to (exclusive). */
  Convolution convolution(int from, int to) {
    List<Tap> taps = taps(from, to);
    int begin = Math.max(0, -taps.stream().mapToInt(Tap::offset).min().orElse(0));
    int last = Math.max(-begin, taps.stream().mapToInt(Tap::offset).max().orElse(0));
    int step = block / stride;
    int moved = (blocks() - 1) * step - windows - begin;
    int length = Math.max(begin + last + 1, -moved);
    return new Convolution(taps, length, step, begin, moved + length);
  }
}
