package io.github.cpsample.onnx.autodiff;

import io.github.cpsample.onnx.ElementType;
import java.util.List;
import java.util.Map;

/**
 * Pooling over regions of images [N, C, H, W], written out. Rows and columns are independent of
 * each other, so a region is described by what it takes of every row and of every column.
 */
final class RegionRules {

  /** What pixels that do not belong to a region count as. */
  private static final double LOWEST = -3e38;

  private RegionRules() {}

  static void addTo(Map<String, AdjointRule> rules) {
    rules.put("RoiAlign", new DecomposedRule((e, n) -> List.of(new Aligned(n).values())));
    rules.put("MaxRoiPool", new DecomposedRule((e, n) -> List.of(new Maximum(n).values())));
  }

  /** A column of the regions, [R, 1, 1]. */
  private static String column(Emitter e, String regions, long index) {
    String one = e.slice(regions, 1, e.integers(index), e.integers(index + 1));
    return e.reshape(one, -1, 1, 1);
  }

  /** The numbers from 0 on, of the element type of another value. */
  private static String counting(Emitter e, String size, String like, long... form) {
    String numbers = e.cast(new Indices(e).range(size), e.type(like));
    return e.reshape(numbers, form);
  }

  /** The images of the regions [R, C, H, W]. */
  private static String images(Emitter e, String images, String indices) {
    return e.gather(images, indices, 0);
  }

  /** {@code RoiAlign}: the mean of linearly interpolated samples on a grid in every bin. */
  private static final class Aligned {

    private final NodeAdjoint n;
    private final Emitter e;
    private final boolean half;
    private final long samples;

    Aligned(NodeAdjoint node) {
      this.n = node;
      this.e = node.emit();
      String mode =
          node.node()
              .string(
                  "coordinate_transformation_mode",
                  e.opset() < 16 ? "output_half_pixel" : "half_pixel");
      this.half = mode.equals("half_pixel");
      this.samples = node.node().integer("sampling_ratio", 0);
      if (!node.node().string("mode", "avg").equals("avg")) {
        throw node.refuse("expected mode avg, found max");
      }
    }

    String values() {
      String rows = e.unsqueeze(weights(1, "output_height", 2), 1);
      String columns = e.unsqueeze(weights(0, "output_width", 3), 1);
      String inRows = e.matMul(rows, images(e, n.in(0), n.in(2)));
      return e.matMul(inRows, e.transpose(columns, 0, 1, 3, 2));
    }

    /** What every bin takes of every pixel along an axis, [R, bins, pixels]. */
    private String weights(long place, String attribute, int axis) {
      long bins = n.node().integer(attribute, 1);
      String like = n.in(1);
      double scale = n.node().decimal("spatial_scale", 1);
      String offset = e.scalar(half ? 0.5 : 0, like);
      String start = e.sub(e.scale(column(e, like, place), scale, like), offset);
      String end = e.sub(e.scale(column(e, like, place + 2), scale, like), offset);
      String length = e.sub(end, start);
      if (!half) {
        length = e.max(length, e.scalar(1, like));
      }
      String bin = e.scale(length, 1.0 / bins, like);
      String count = samples > 0 ? e.filled((double) samples, like, 1, 1, 1) : e.node("Ceil", bin);
      String most =
          samples > 0
              ? e.integers(samples)
              : e.cast(e.reshape(e.reduce("ReduceMax", count, true, 0), 1), ElementType.INT64);
      String sample = counting(e, most, like, 1, 1, -1);
      String divisor = e.max(count, e.scalar(1, like));
      String within = e.div(e.add(sample, e.scalar(0.5, like)), divisor);
      String bars = e.add(counting(e, e.integers(bins), like, 1, -1, 1), within);
      String at = e.add(start, e.mul(bars, bin));
      String used = e.and(e.less(sample, count), inside(at, axis));
      String hats = hats(at, axis);
      String counted = e.mul(hats, e.unsqueeze(e.cast(used, e.type(like)), 3));
      return e.div(e.reduce("ReduceSum", counted, false, 2), divisor);
    }

    private String size(int axis) {
      return e.cast(e.size(n.in(0), axis), e.type(n.in(1)));
    }

    private String inside(String at, int axis) {
      String below = e.less(at, e.scalar(-1, at));
      String above = e.greater(at, size(axis));
      return e.not(e.or(below, above));
    }

    /** Linear interpolation, [R, bins, samples, pixels]. */
    private String hats(String at, int axis) {
      String last = e.sub(size(axis), e.scalar(1, at));
      String clamped = e.min(e.max(at, e.scalar(0, at)), last);
      String pixels = counting(e, e.size(n.in(0), axis), at, 1, 1, 1, -1);
      String far = e.abs(e.sub(e.unsqueeze(clamped, 3), pixels));
      return e.relu(e.sub(e.scalar(1, at), far));
    }
  }

  /** {@code MaxRoiPool}: the maximum over whole pixels; 0 for bins without any. */
  private static final class Maximum {

    private final NodeAdjoint n;
    private final Emitter e;

    Maximum(NodeAdjoint node) {
      this.n = node;
      this.e = node.emit();
    }

    String values() {
      long[] bins = n.node().ints("pooled_shape").orElseThrow();
      String rows = members(2, bins[0], 2);
      String columns = members(1, bins[1], 3);
      String index = e.slice(n.in(1), 1, e.integers(0), e.integers(1));
      String image = images(e, n.in(0), e.cast(e.reshape(index, -1), ElementType.INT64));
      String lowest = e.scalar(LOWEST, image);
      String ofRows = e.where(e.unsqueeze(e.unsqueeze(rows, 1), 4), e.unsqueeze(image, 2), lowest);
      String high = e.reduce("ReduceMax", ofRows, false, 3);
      String ofColumns =
          e.where(e.unsqueeze(e.unsqueeze(columns, 1), 2), e.unsqueeze(high, 3), lowest);
      String highest = e.reduce("ReduceMax", ofColumns, false, 4);
      String present = e.and(e.unsqueeze(any(rows), 2), e.unsqueeze(any(columns), 1));
      return e.where(e.unsqueeze(present, 1), highest);
    }

    private String any(String members) {
      String numbers = e.cast(members, e.type(n.in(0)));
      return e.cast(e.reduce("ReduceMax", numbers, false, 2), ElementType.BOOL);
    }

    /** Which pixels along an axis belong to which bin, bool [R, bins, pixels]. */
    private String members(long place, long bins, int axis) {
      String like = n.in(1);
      String start = rounded(place);
      String length = e.sub(rounded(place + 2), start);
      String pixels = e.max(e.add(length, e.scalar(1, like)), e.scalar(1, like));
      String bin = e.scale(pixels, 1.0 / bins, like);
      String index = counting(e, e.integers(bins), like, 1, -1, 1);
      String first = e.add(start, e.floor(e.mul(index, bin)));
      String next = e.add(index, e.scalar(1, like));
      String end = e.add(start, e.node("Ceil", e.mul(next, bin)));
      String all = counting(e, e.size(n.in(0), axis), like, 1, 1, -1);
      return e.and(e.not(e.less(all, first)), e.less(all, end));
    }

    private String rounded(long place) {
      double scale = n.node().decimal("spatial_scale", 1);
      String scaled = e.scale(column(e, n.in(1), place), scale, n.in(1));
      return e.floor(e.add(scaled, e.scalar(0.5, n.in(1))));
    }
  }
}
