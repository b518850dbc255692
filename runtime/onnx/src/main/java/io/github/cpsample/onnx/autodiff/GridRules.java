package io.github.cpsample.onnx.autodiff;

import io.github.cpsample.onnx.ElementType;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;

/** Sampling of images at places that a grid gives, and grids of affine maps. */
final class GridRules {

  private GridRules() {}

  static void addTo(Map<String, AdjointRule> rules) {
    rules.put("AffineGrid", new DecomposedRule(GridRules::affine));
    rules.put("GridSample", new DecomposedRule((e, n) -> List.of(new SampledGrid(n).values())));
  }

  /** The places (x, y, 1) or (x, y, z, 1) of all pixels, in [-1, 1], times the maps transposed. */
  private static List<String> affine(Emitter e, NodeAdjoint n) {
    boolean corners = n.node().integer("align_corners", 0) != 0;
    int axes = Math.toIntExact(n.fixedSizes(n.shape(1), 0)[0]) - 2;
    List<String> sizes = new ArrayList<>();
    for (int i = 0; i < axes; i++) {
      sizes.add(e.gather(n.in(1), e.integers(i + 2L)));
    }
    String all = e.concat(sizes, 0);
    List<String> places = new ArrayList<>();
    for (int i = axes - 1; i >= 0; i--) {
      places.add(column(e, places(e, n.in(0), sizes.get(i), corners), i, axes, all));
    }
    places.add(e.expand(e.scalar(1, n.in(0)), e.shapeOf(places.get(0))));
    String base = e.concat(places, 1);
    String mapped = e.matMul(base, e.transpose(n.in(0), 0, 2, 1));
    return List.of(e.reshape(mapped, e.concat(List.of(e.integers(-1), all, e.integers(axes)), 0)));
  }

  private static String places(Emitter e, String like, String size, boolean corners) {
    ElementType type = e.type(like);
    String index = e.cast(new Indices(e).range(size), type);
    String count = e.cast(size, type);
    String one = e.scalar(1, like);
    String two = e.scalar(2, like);
    if (corners) {
      String last = e.max(e.sub(count, one), one);
      return e.sub(e.div(e.mul(index, two), last), one);
    }
    String middle = e.add(e.mul(index, two), one);
    return e.sub(e.div(middle, count), one);
  }

  /** The places along one axis for all pixels, [pixels, 1]. */
  private static String column(Emitter e, String places, int axis, int axes, String all) {
    List<Long> form = new ArrayList<>(Collections.nCopies(axes, 1L));
    form.set(axis, -1L);
    String shaped = e.reshape(places, form.stream().mapToLong(Long::longValue).toArray());
    return e.reshape(e.expand(shaped, all), -1, 1);
  }
}
