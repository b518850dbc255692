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

  /**
   * {@code RoiAlign}: of the samples on a grid in every bin the mean of their linear
   * interpolations, or the highest product of a pixel beside a sample and its weight.
   */
  private static final class Aligned {

    private final NodeAdjoint n;
    private final Emitter e;
    private final boolean half;
    private final long samples;
    private final boolean highest;

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
      this.highest = node.node().string("mode", "avg").equals("max");
    }

    String values() {
      Grid rows = grid(1, "output_height", 2);
      Grid columns = grid(0, "output_width", 3);
      String images = images(e, n.in(0), n.in(2));
      return highest ? highest(images, rows, columns) : mean(images, rows, columns);
    }

    private String mean(String images, Grid rows, Grid columns) {
      String inRows = e.matMul(e.unsqueeze(shares(rows), 1), images);
      return e.matMul(inRows, e.transpose(e.unsqueeze(shares(columns), 1), 0, 1, 3, 2));
    }

    /** What every bin takes of every pixel along an axis, [R, bins, pixels]. */
    private String shares(Grid grid) {
      String used = e.cast(grid.present(), e.type(grid.hats()));
      String counted = e.mul(grid.hats(), e.unsqueeze(used, 3));
      return e.div(e.reduce("ReduceSum", counted, false, 2), grid.count());
    }

    /** Weights are not negative, so the highest of a row is weighted after it was found. */
    private String highest(String images, Grid rows, Grid columns) {
      String inColumns = beside(e.unsqueeze(e.unsqueeze(images, 3), 3), columns, 1, 2);
      String lines = e.transpose(inColumns, 0, 1, 3, 4, 2);
      String pairs = beside(e.unsqueeze(e.unsqueeze(lines, 2), 2), rows, 1, 4, 5);
      String nothing = either(e, rows.touching(), columns.touching());
      String zero = e.scalar(0, pairs);
      String all = e.where(nothing, e.max(pairs, zero), pairs);
      String missing = either(e, e.not(rows.present()), e.not(columns.present()));
      String counted = e.where(missing, e.scalar(LOWEST, pairs), all);
      return e.reduce("ReduceMax", e.reduce("ReduceMax", counted, false, 5), false, 3);
    }

    /** Highest product with the weights of an axis, the last one, over the pixels beside it. */
    private String beside(String values, Grid grid, long... axes) {
      String hats = grid.hats();
      for (long axis : axes) {
        hats = e.unsqueeze(hats, axis);
      }
      String products = e.mul(values, hats);
      String near = e.greater(hats, e.scalar(0, hats));
      String masked = e.where(near, products, e.scalar(LOWEST, products));
      return e.reduce("ReduceMax", masked, false, 3 + axes.length);
    }

    /**
     * What holds for samples along rows or along columns, [R, 1, rows, samples, columns, samples].
     */
    private static String either(Emitter e, String rows, String columns) {
      String ofRows = e.unsqueeze(e.unsqueeze(e.unsqueeze(rows, 1), 4), 5);
      String ofColumns = e.unsqueeze(e.unsqueeze(e.unsqueeze(columns, 1), 2), 2);
      return e.or(ofRows, ofColumns);
    }

    /**
     * The samples along an axis, [R, bins, samples].
     *
     * @param hats weights of linear interpolation, 0 outside, [R, bins, samples, pixels]
     * @param present which samples there are, where regions have different numbers
     * @param touching which have a pixel of weight 0 beside them: on a pixel, or outside
     * @param count how many samples there are, at least 1, [R, 1, 1]
     */
    private record Grid(String hats, String present, String touching, String count) {}

    private Grid grid(long place, String attribute, int axis) {
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
      String inside = inside(at, axis);
      String held = e.min(e.max(at, e.scalar(0, at)), e.sub(size(axis), e.scalar(1, at)));
      String between = e.less(e.floor(held), held);
      return new Grid(
          e.mul(hats(held, axis), e.unsqueeze(e.cast(inside, e.type(like)), 3)),
          e.less(sample, count),
          e.not(e.and(inside, between)),
          divisor);
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
    private String hats(String held, int axis) {
      String pixels = counting(e, e.size(n.in(0), axis), held, 1, 1, 1, -1);
      String far = e.abs(e.sub(e.unsqueeze(held, 3), pixels));
      return e.relu(e.sub(e.scalar(1, held), far));
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
