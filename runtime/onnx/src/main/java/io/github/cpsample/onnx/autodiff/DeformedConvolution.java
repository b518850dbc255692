package io.github.cpsample.onnx.autodiff;

import io.github.cpsample.onnx.Attribute;
import io.github.cpsample.onnx.ElementType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * {@code DeformConv} over planes, written out: the pixels under every element of the kernel are
 * interpolated where the offsets say, times the mask, and multiplied with the kernel as a matrix.
 */
final class DeformedConvolution {

  private final NodeAdjoint n;
  private final Emitter e;
  private final long channels;
  private final long[] kernel;
  private final long groups;
  private final long offsetGroups;
  private final long taps;

  DeformedConvolution(NodeAdjoint node) {
    this.n = node;
    this.e = node.emit();
    if (node.rank(0) != 4) {
      throw node.refuse("expected images [N, C, H, W], found rank " + node.rank(0));
    }
    this.kernel = node.fixedSizes(node.shape(1), 0);
    this.groups = node.node().integer("group", 1);
    this.offsetGroups = node.node().integer("offset_group", 1);
    this.taps = kernel[2] * kernel[3];
    this.channels = kernel[1] * groups;
  }

  String values() {
    String own = e.integers(channels / offsetGroups);
    String pixels = e.mul(e.size(n.in(0), 2), e.size(n.in(0), 3));
    String planes = e.reshape(n.in(0), e.concat(List.of(e.integers(-1), own, pixels), 0));
    String[][] neighbours = {neighbours(0), neighbours(1)};
    List<String> parts = new ArrayList<>();
    for (int i = 0; i < 2; i++) {
      for (int j = 0; j < 2; j++) {
        String width = number(e.size(n.in(0), 3));
        String index = e.add(e.mul(neighbours[0][i], width), neighbours[1][j]);
        String weight = e.mul(neighbours[0][i + 2], neighbours[1][j + 2]);
        parts.add(e.mul(taken(planes, e.cast(flat(index), ElementType.INT64)), flat(weight)));
      }
    }
    String columns = e.node("Sum", parts);
    if (n.node().hasInput(4)) {
      columns = e.mul(columns, flat(n.in(4)));
    }
    return convolved(columns);
  }

  /** Elements of the planes [N groups, C / groups, pixels] at indices [N groups, 1, taps]. */
  private String taken(String planes, String index) {
    String sizes = e.concat(List.of(e.size(planes, 0), e.size(planes, 1), e.size(index, 2)), 0);
    return e.node(
        "GatherElements", List.of(planes, e.expand(index, sizes)), Attribute.integer("axis", 2));
  }

  private String flat(String value) {
    String batch = e.mul(e.size(n.in(0), 0), e.integers(offsetGroups));
    return e.reshape(value, e.concat(List.of(batch, e.integers(1, -1)), 0));
  }

  private String number(String integers) {
    return e.cast(integers, e.type(n.in(0)));
  }

  /**
   * Along an axis: the pixel before and the pixel behind every place, then their weights, each [N,
   * offset groups, taps, rows, columns]. Pixels outside weigh nothing.
   */
  private String[] neighbours(int axis) {
    String place = e.add(offsets(axis), base(axis));
    String before = e.floor(place);
    String rest = e.sub(place, before);
    String one = e.scalar(1, place);
    String behind = e.add(before, one);
    String last = e.sub(number(e.size(n.in(0), axis + 2)), one);
    return new String[] {
      clamped(before, last),
      clamped(behind, last),
      e.mul(e.sub(one, rest), inside(before, last)),
      e.mul(rest, inside(behind, last))
    };
  }

  private String clamped(String pixel, String last) {
    return e.min(e.max(pixel, e.scalar(0, pixel)), last);
  }

  private String inside(String pixel, String last) {
    String below = e.less(pixel, e.scalar(0, pixel));
    return number(e.not(e.or(below, e.greater(pixel, last))));
  }

  private String offsets(int axis) {
    String sizes =
        e.concat(
            List.of(
                e.size(n.in(2), 0),
                e.integers(offsetGroups, taps, 2),
                e.size(n.in(2), 2),
                e.size(n.in(2), 3)),
            0);
    String both = e.reshape(n.in(2), sizes);
    return e.squeeze(e.slice(both, 3, e.integers(axis), e.integers(axis + 1L)), 3);
  }

  /** Where the taps lie along an axis without offsets, [taps, rows, 1] or [taps, 1, columns]. */
  private String base(int axis) {
    long stride = n.node().ints("strides").map(s -> s[axis]).orElse(1L);
    long dilation = n.node().ints("dilations").map(d -> d[axis]).orElse(1L);
    long pad = n.node().ints("pads").map(p -> p[axis]).orElse(0L);
    double[] within = new double[(int) taps];
    for (int tap = 0; tap < taps; tap++) {
      within[tap] = (double) (dilation * (axis == 0 ? tap / kernel[3] : tap % kernel[3]) - pad);
    }
    String key = "taps " + axis + Arrays.toString(within);
    String starts = number(new Indices(e).range(e.size(n.in(2), axis + 2)));
    String moved = e.scale(starts, (double) stride, n.in(0));
    long[] form = axis == 0 ? new long[] {-1, 1} : new long[] {1, -1};
    return e.add(e.constant(n.in(0), key, within, taps, 1, 1), e.reshape(moved, form));
  }

  private String convolved(String columns) {
    long depth = kernel[1] * taps;
    String split =
        e.reshape(columns, e.concat(List.of(e.size(n.in(0), 0), e.integers(groups, depth, -1)), 0));
    String matrix = e.reshape(n.in(1), groups, kernel[0] / groups, depth);
    String sizes =
        e.concat(
            List.of(
                e.size(n.in(0), 0), e.integers(kernel[0]), e.size(n.in(2), 2), e.size(n.in(2), 3)),
            0);
    String result = e.reshape(e.matMul(matrix, split), sizes);
    return n.node().hasInput(3) ? e.add(result, e.reshape(n.in(3), -1, 1, 1)) : result;
  }
}
