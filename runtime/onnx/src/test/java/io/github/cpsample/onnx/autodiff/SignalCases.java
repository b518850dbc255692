package io.github.cpsample.onnx.autodiff;

import static io.github.cpsample.onnx.autodiff.OperatorCases.plain;
import static io.github.cpsample.onnx.autodiff.OperatorCases.size;

import io.github.cpsample.onnx.Attribute;
import io.github.cpsample.onnx.Tensor;
import io.github.cpsample.onnx.Value;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Transforms of signals, regions of images, and convolutions at places that are computed. */
final class SignalCases {

  private SignalCases() {}

  static void addTo(List<OperatorCase> cases) {
    transforms(cases);
    windows(cases);
    columns(cases);
    regions(cases);
    deformed(cases);
  }

  private static OperatorCase transform(
      String variant, long axis, long length, long[] x, Attribute... attributes) {
    return new OperatorCase(
            "DFT",
            variant + Arrays.toString(attributes),
            (g, in, c) -> {
              List<Value> operands = new ArrayList<>(in);
              boolean input = c.opset() >= 20;
              operands.add(length > 0 ? g.constant("n", Tensor.of(size(length))) : g.omitted());
              List<Attribute> given = new ArrayList<>(List.of(attributes));
              if (input) {
                operands.add(g.constant("axis", Tensor.of(size(axis))));
              } else {
                given.add(Attribute.integer("axis", axis));
              }
              return g.node("DFT", operands, given.toArray(Attribute[]::new));
            },
            x)
        .needsSizes(x[x.length - 1] == 2)
        .atOpset(20);
  }

  private static void transforms(List<OperatorCase> cases) {
    Attribute half = Attribute.integer("onesided", 1);
    Attribute inverse = Attribute.integer("inverse", 1);
    cases.add(transform("complex", 1, 0, size(2, 5, 2)));
    cases.add(transform("complex, first axis of space", 1, 0, size(2, 4, 3, 2), inverse));
    cases.add(transform("real", 2, 0, size(2, 3, 6, 1)));
    cases.add(transform("real, half", 1, 0, size(2, 6, 1), half));
    cases.add(transform("real, half, odd", 1, 0, size(2, 5, 1), half).inFloat());
    cases.add(transform("longer", 1, 7, size(2, 5, 2)));
    cases.add(transform("shorter", 1, 3, size(2, 5, 2), inverse));
    cases.add(transform("half, shorter", 1, 4, size(2, 5, 1), half).inFloat());
  }

  private static void windows(List<OperatorCase> cases) {
    for (long sides = 0; sides < 2; sides++) {
      Attribute half = Attribute.integer("onesided", sides);
      for (long step : size(3, 4)) {
        cases.add(
            new OperatorCase(
                    "STFT",
                    "window, onesided " + sides,
                    (g, x, c) ->
                        g.node(
                            "STFT",
                            List.of(x.get(0), g.constant("step", Tensor.of(size(step))), x.get(1)),
                            half),
                    size(2, 14, 1),
                    size(6))
                .inFloat()
                .ofTheseSizes());
      }
      cases.add(
          new OperatorCase(
              "STFT",
              "without window, onesided " + sides,
              (g, x, c) ->
                  g.node(
                      "STFT",
                      List.of(
                          x.get(0),
                          g.constant("step", Tensor.of(size(4))),
                          g.omitted(),
                          g.constant("length", Tensor.of(size(5)))),
                      half),
              size(1, 17, 1)));
    }
  }

  private static OperatorCase columns(
      long[] x, long[] image, long[] block, Attribute... attributes) {
    return new OperatorCase(
            "Col2Im",
            Arrays.toString(image) + Arrays.toString(block),
            (g, in, c) ->
                g.node(
                    "Col2Im",
                    List.of(
                        in.get(0),
                        g.constant("image", image, image.length),
                        g.constant("block", block, block.length)),
                    attributes),
            x)
        .inFloat()
        .atOpset(18);
  }

  private static void columns(List<OperatorCase> cases) {
    cases.add(columns(size(1, 5, 5), size(5, 5), size(1, 5)));
    cases.add(
        columns(
            size(2, 12, 9),
            size(4, 5),
            size(2, 2),
            Attribute.ints("strides", 2, 2),
            Attribute.ints("pads", 1, 1, 1, 1)));
    cases.add(columns(size(1, 8, 4), size(6, 6), size(2, 2), Attribute.ints("dilations", 4, 4)));
    cases.add(columns(size(1, 8, 8), size(3, 3, 3), size(2, 2, 2)));
  }

  private static OperatorCase region(
      String operator, String variant, int opset, boolean indexed, Attribute... attributes) {
    float[] corners = {0.3f, 0.6f, 4.2f, 5.1f, 1.4f, -0.4f, 5.3f, 3.7f, 2.2f, 1.1f, 2.9f, 1.7f};
    return new OperatorCase(
            operator,
            variant,
            (g, x, c) -> {
              List<Value> operands = new ArrayList<>(x);
              Value rois = g.constant("rois", corners, 3, 4);
              Value index = g.constant("index", new float[] {1, 0, 1}, 3, 1);
              operands.add(
                  indexed
                      ? rois
                      : g.node("Concat", List.of(index, rois), Attribute.integer("axis", 1)));
              if (indexed) {
                operands.add(g.constant("batch", size(1, 0, 1), 3));
              }
              return g.node(operator, operands, attributes);
            },
            size(2, 3, 6, 7))
        .inFloat()
        .atOpset(opset);
  }

  private static void regions(List<OperatorCase> cases) {
    Attribute rows = Attribute.integer("output_height", 2);
    Attribute columns = Attribute.integer("output_width", 3);
    for (long samples = 0; samples < 3; samples++) {
      Attribute ratio = Attribute.integer("sampling_ratio", samples);
      Attribute scale = Attribute.decimal("spatial_scale", 0.9f);
      for (int opset : new int[] {10, 16}) {
        cases.add(
            region("RoiAlign", "samples " + samples, opset, true, rows, columns, ratio, scale));
        cases.add(
            region(
                "RoiAlign",
                "highest of " + samples,
                opset,
                true,
                rows,
                columns,
                ratio,
                scale,
                Attribute.string("mode", "max")));
      }
    }
    Attribute edges = Attribute.string("coordinate_transformation_mode", "output_half_pixel");
    cases.add(region("RoiAlign", "corners", 16, true, rows, columns, edges));
    for (String mode : List.of("avg", "max")) {
      cases.add(
          new OperatorCase(
                  "RoiAlign",
                  "regions vary, " + mode,
                  (g, x, c) -> {
                    Value corners = g.constant("c", new float[] {1, 1, 4, 4, 0, 2, 3, 5}, 2, 4);
                    Value moved =
                        g.node(
                            "Add",
                            List.of(
                                corners,
                                g.node(
                                    "Mul",
                                    List.of(x.get(1), g.constant("s", new float[] {0.1f}, 1)))));
                    return g.node(
                        "RoiAlign",
                        List.of(x.get(0), moved, g.constant("batch", size(1, 0), 2)),
                        rows,
                        columns,
                        Attribute.integer("sampling_ratio", 2),
                        Attribute.string("mode", mode));
                  },
                  size(2, 3, 6, 7),
                  size(2, 4))
              .inFloat()
              .atOpset(16));
    }
    Attribute bins = Attribute.ints("pooled_shape", 2, 3);
    cases.add(region("MaxRoiPool", "bins", 17, false, bins));
    cases.add(
        region("MaxRoiPool", "scaled", 17, false, bins, Attribute.decimal("spatial_scale", 0.6f)));
  }

  private static void deformed(List<OperatorCase> cases) {
    Attribute pads = Attribute.ints("pads", 1, 0, 1, 0);
    cases.add(
        plain(
                "DeformConv",
                "everything varies",
                List.of(
                    size(2, 4, 4, 5),
                    size(6, 2, 3, 2),
                    size(2, 24, 4, 4),
                    size(6),
                    size(2, 12, 4, 4)),
                pads,
                Attribute.integer("group", 2),
                Attribute.integer("offset_group", 2))
            .inFloat()
            .between(-0.9, 0.9)
            .needsSizes()
            .atOpset(19));
    for (long[] x : List.of(size(1, 2, 5, 6), size(3, 2, 5, 6), size(2, 2, 5, 6))) {
      cases.add(
          plain(
                  "DeformConv",
                  "offsets vary " + x[0],
                  List.of(x, size(3, 2, 2, 2), size(x[0], 8, 2, 3)),
                  Attribute.ints("strides", 2, 2))
              .inFloat()
              .between(0.1, 0.9)
              .needsSizes()
              .atOpset(19));
    }
  }
}
