package io.github.cpsample.onnx.autodiff;

import io.github.cpsample.onnx.Attribute;
import io.github.cpsample.onnx.ElementType;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * {@code GridSample} written out: along every axis a place has some neighbours with weights, and a
 * value is the sum over all combinations of neighbours of their pixels, gathered by index, times
 * their weights. What a place outside of the image means is settled for the place (nearest, linear)
 * or for every neighbour (cubic), as the operator does.
 */
final class SampledGrid {

  /** The bend of cubic weights. */
  private static final double BEND = -0.75;

  private final NodeAdjoint n;
  private final Emitter e;
  private final int space;
  private final boolean corners;
  private final String padding;
  private final String mode;
  private final List<String> sizes = new ArrayList<>();

  /** A neighbour of a place: the index of its pixel, its weight, and whether it is in the image. */
  private record Neighbour(String index, String weight) {}

  SampledGrid(NodeAdjoint node) {
    this.n = node;
    this.e = node.emit();
    this.space = node.rank(0) - 2;
    this.corners = node.node().integer("align_corners", 0) != 0;
    this.padding = node.node().string("padding_mode", "zeros");
    this.mode = node.node().string("mode", "linear");
    for (int i = 0; i < space; i++) {
      sizes.add(e.cast(e.size(n.in(0), i + 2), e.type(n.in(1))));
    }
  }

  String values() {
    List<List<Neighbour>> neighbours = new ArrayList<>();
    for (int axis = 0; axis < space; axis++) {
      neighbours.add(neighbours(axis));
    }
    String pixels = e.reshape(n.in(0), 0, 0, -1);
    List<String> parts = new ArrayList<>();
    add(parts, pixels, neighbours, 0, null, null);
    String sum = parts.size() == 1 ? parts.get(0) : e.node("Sum", parts);
    List<String> shape = new ArrayList<>(List.of(e.size(n.in(0), 0), e.size(n.in(0), 1)));
    for (int i = 0; i < space; i++) {
      shape.add(e.size(n.in(1), i + 1));
    }
    return e.reshape(sum, e.concat(shape, 0));
  }

  /** All combinations of neighbours along the axes from one on. */
  private void add(
      List<String> parts,
      String pixels,
      List<List<Neighbour>> neighbours,
      int axis,
      @Nullable String index,
      @Nullable String weight) {
    if (axis == space) {
      String places =
          e.unsqueeze(e.cast(Objects.requireNonNull(index, "axes"), ElementType.INT64), 1);
      String channels =
          e.concat(List.of(e.size(pixels, 0), e.size(pixels, 1), e.size(places, 2)), 0);
      String taken =
          e.node(
              "GatherElements",
              List.of(pixels, e.expand(places, channels)),
              Attribute.integer("axis", 2));
      parts.add(weight == null ? taken : e.mul(taken, e.unsqueeze(like(pixels, weight), 1)));
      return;
    }
    for (Neighbour neighbour : neighbours.get(axis)) {
      String flat =
          index == null
              ? neighbour.index()
              : e.add(e.mul(index, sizes.get(axis)), neighbour.index());
      String all =
          weight == null || neighbour.weight() == null
              ? weight == null ? neighbour.weight() : weight
              : e.mul(weight, neighbour.weight());
      add(parts, pixels, neighbours, axis + 1, flat, all);
    }
  }

  private String like(String value, String weight) {
    return e.type(value) == e.type(weight) ? weight : e.cast(weight, e.type(value));
  }

  private String number(double value) {
    return e.scalar(value, n.in(1));
  }

  /** The place along an axis in pixels [batch, places]; the grid names the last axis first. */
  private String place(int axis) {
    String given = e.gather(n.in(1), e.integers(space - 1L - axis), -1);
    String flat = e.reshape(given, 0, -1);
    String above = e.add(flat, number(1));
    if (corners) {
      String reach = e.sub(sizes.get(axis), number(1));
      return e.mul(above, e.scale(reach, 0.5, n.in(1)));
    }
    String doubled = e.sub(e.mul(above, sizes.get(axis)), number(1));
    return e.scale(doubled, 0.5, n.in(1));
  }

  private List<Neighbour> neighbours(int axis) {
    String place = place(axis);
    if (mode.equals("nearest")) {
      String inside = inside(place, axis);
      return List.of(neighbour(e.node("Round", inside), null, axis));
    }
    if (mode.equals("cubic") || mode.equals("bicubic")) {
      String first = e.floor(place);
      String rest = e.sub(place, first);
      List<Neighbour> four = new ArrayList<>();
      for (int i = -1; i <= 2; i++) {
        String pixel = inside(e.add(first, number(i)), axis);
        four.add(neighbour(e.node("Round", pixel), cubic(rest, i), axis));
      }
      return four;
    }
    String inside = inside(place, axis);
    String first = e.floor(inside);
    String rest = e.sub(inside, first);
    return List.of(
        neighbour(first, e.sub(number(1), rest), axis),
        neighbour(e.add(first, number(1)), rest, axis));
  }

  /** A pixel that may lie outside of the image, where it weighs nothing. */
  private Neighbour neighbour(String pixel, @Nullable String weight, int axis) {
    String end = e.sub(sizes.get(axis), number(1));
    String index = e.min(e.max(pixel, number(0)), end);
    String off = e.abs(e.sub(pixel, index));
    String present = e.cast(e.less(off, number(0.5)), e.type(n.in(1)));
    String whole = e.node("Round", index);
    return new Neighbour(whole, weight == null ? present : e.mul(weight, present));
  }

  /** What a place outside of the image means. */
  private String inside(String place, int axis) {
    String size = sizes.get(axis);
    String end = e.sub(size, number(1));
    return switch (padding) {
      case "border" -> e.min(e.max(place, number(0)), end);
      case "reflection" ->
          corners
              ? reflected(place, number(0), end)
              : e.min(
                  e.max(reflected(place, number(-0.5), e.sub(size, number(0.5))), number(0)), end);
      default -> place;
    };
  }

  /** A place mirrored at two ends until it lies between them. */
  private String reflected(String place, String low, String high) {
    String range = e.sub(high, low);
    String way = e.abs(e.sub(place, low));
    String times = e.floor(e.div(way, range));
    String rest = e.sub(way, e.mul(times, range));
    String half = e.scale(times, 0.5, n.in(1));
    String odd = e.sub(half, e.floor(half));
    String back = e.greater(odd, number(0.25));
    String there = e.where(back, e.sub(range, rest), rest);
    return e.add(there, low);
  }

  /** The weight of the pixel that lies some pixels behind the one before a place. */
  private String cubic(String rest, int pixel) {
    String far = e.abs(e.sub(rest, number(pixel)));
    boolean near = pixel == 0 || pixel == 1;
    double[] c =
        near
            ? new double[] {BEND + 2, -(BEND + 3), 0, 1}
            : new double[] {BEND, -5 * BEND, 8 * BEND, -4 * BEND};
    String sum = number(c[0]);
    for (int i = 1; i < c.length; i++) {
      sum = e.add(e.mul(sum, far), number(c[i]));
    }
    return sum;
  }
}
