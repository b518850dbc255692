package io.github.cpsample.onnx.autodiff;

import io.github.cpsample.onnx.Attribute;
import io.github.cpsample.onnx.Shape;
import io.github.cpsample.onnx.Tensor;
import java.util.List;
import java.util.Map;

/** Operators that trade resolution for channels or repeat pixels. */
final class ResolutionRules {

  private ResolutionRules() {}

  static void addTo(Map<String, AdjointRule> rules) {
    // the inverse permutation of pixels
    rules.put("SpaceToDepth", n -> n.give(0, () -> depthToSpace(n)));
    rules.put("DepthToSpace", ResolutionRules::depthToSpaceRule);
    rules.put("Resize", ResolutionRules::resize);
  }

  private static String depthToSpace(NodeAdjoint n) {
    return n.emit()
        .node(
            "DepthToSpace",
            List.of(n.cotangent()),
            Attribute.integer("blocksize", n.node().integer("blocksize", 1)),
            Attribute.string("mode", "DCR"));
  }

  private static void depthToSpaceRule(NodeAdjoint n) {
    if (!n.node().string("mode", "DCR").equals("DCR")) {
      throw n.refuse("expected mode DCR, found " + n.node().string("mode", "DCR"));
    }
    n.give(
        0,
        () ->
            n.emit()
                .node(
                    "SpaceToDepth",
                    List.of(n.cotangent()),
                    Attribute.integer("blocksize", n.node().integer("blocksize", 1))));
  }

  /** Nearest neighbour by whole factors: every pixel gets the sum over its copies. */
  private static void resize(NodeAdjoint n) {
    boolean nearest =
        n.node().string("mode", "nearest").equals("nearest")
            && n.node().string("coordinate_transformation_mode", "half_pixel").equals("asymmetric")
            && n.node().string("nearest_mode", "round_prefer_floor").equals("floor");
    if (!nearest || !n.node().hasInput(2)) {
      throw n.refuse(
          "expected constant scales, mode nearest, coordinates asymmetric, nearest_mode floor");
    }
    double[] scales =
        n.emit()
            .constantValue(n.in(2))
            .map(Tensor::doubles)
            .orElseThrow(() -> n.refuse("expected constant scales"));
    n.give(0, () -> sumOverCopies(n, scales));
  }

  private static String sumOverCopies(NodeAdjoint n, double... scales) {
    Shape x = n.shape(0);
    boolean whole = x.rank() == 4 && scales.length == 4 && scales[0] == 1 && scales[1] == 1;
    if (!whole || scales[2] != Math.rint(scales[2]) || scales[3] != Math.rint(scales[3])) {
      throw n.refuse("expected [N,C,H,W] and whole factors of height and width");
    }
    Emitter e = n.emit();
    long[] sizes = n.fixedSizes(x, 1);
    String blocks =
        e.node(
            "Reshape",
            n.cotangent(),
            e.integers(-1, sizes[0], sizes[1], (long) scales[2], sizes[2], (long) scales[3]));
    return e.reduce("ReduceSum", blocks, false, 3, 5);
  }
}
