package io.github.cpsample.onnx.autodiff;

import io.github.cpsample.onnx.Attribute;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.LongStream;

/**
 * Puts zeros around a value, or takes edges away. From opset 19 on that is joined from pieces,
 * since ONNX Runtime's CUDA provider implements {@code Pad} up to opset 18 only.
 */
final class ZeroPadding {

  private static final int PADS_AS_INPUT = 11;
  private static final int JOINED = 19;

  private final Emitter e;

  ZeroPadding(Emitter emitter) {
    this.e = emitter;
  }

  /**
   * Pads all axes.
   *
   * @param pads zeros before every axis, then zeros after every axis; negative where an edge goes
   */
  String around(String value, long... pads) {
    if (LongStream.of(pads).allMatch(p -> p == 0)) {
      return value;
    }
    if (e.opset() < JOINED) {
      return e.opset() >= PADS_AS_INPUT
          ? e.node("Pad", value, e.integers(pads))
          : e.node("Pad", List.of(value), Attribute.ints("pads", pads));
    }
    int rank = pads.length / 2;
    String padded = value;
    for (int axis = 0; axis < rank; axis++) {
      padded = along(padded, axis, pads[axis], pads[axis + rank], rank);
    }
    return padded;
  }

  private String along(String value, int axis, long before, long after, int rank) {
    List<String> pieces = new ArrayList<>();
    if (before > 0) {
      pieces.add(zeros(value, axis, e.integers(before), rank));
    }
    pieces.add(value);
    if (after > 0) {
      pieces.add(zeros(value, axis, e.integers(after), rank));
    }
    String joined = e.concat(pieces, axis);
    if (before >= 0 && after >= 0) {
      return joined;
    }
    long end = after < 0 ? after : Integer.MAX_VALUE;
    return e.slice(joined, axis, e.integers(Math.max(0, -before)), e.integers(end));
  }

  /**
   * Pads one axis by sizes that may only be known when the graph runs.
   *
   * @param before zeros before; int64, one element, not negative
   * @param after zeros after
   */
  String along(String value, int axis, String before, String after, int rank) {
    return e.concat(
        Arrays.asList(zeros(value, axis, before, rank), value, zeros(value, axis, after, rank)),
        axis);
  }

  /** Zeros as large as a value, but for one axis. */
  String zeros(String value, int axis, String size, int rank) {
    List<String> sizes = new ArrayList<>();
    for (int i = 0; i < rank; i++) {
      sizes.add(i == axis ? size : e.size(value, i));
    }
    return e.expand(e.scalar(0, value), e.concat(sizes, 0));
  }
}
