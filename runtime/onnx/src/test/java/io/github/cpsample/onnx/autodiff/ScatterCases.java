package io.github.cpsample.onnx.autodiff;

import static io.github.cpsample.onnx.autodiff.OperatorCases.size;

import io.github.cpsample.onnx.Attribute;
import io.github.cpsample.onnx.Value;
import java.util.Arrays;
import java.util.List;

/** Operators that take from, or put at, indices element by element. */
final class ScatterCases {

  private ScatterCases() {}

  static void addTo(List<OperatorCase> cases) {
    gathers(cases);
    tuples(cases);
    scatters(cases);
    scatteredSlices(cases);
    choices(cases);
  }

  private static Attribute axis(long axis) {
    return Attribute.integer("axis", axis);
  }

  private static OperatorCase elements(String variant, long axis, long[] indices, long... sizes) {
    return new OperatorCase(
        "GatherElements",
        variant,
        (g, x, c) ->
            g.node(
                "GatherElements", List.of(x.get(0), g.constant("i", indices, sizes)), axis(axis)),
        size(2, 4, 3));
  }

  private static void gathers(List<OperatorCase> cases) {
    long[] apart = size(3, 0, -2, 1, 1, 0, 0, 3, -1, 2, 2, 1);
    cases.add(elements("every element once at most", 1, apart, 2, 2, 3).atOpset(16));
    cases.add(elements("every element once at most, old opset", 1, apart, 2, 2, 3).atOpset(11));
    cases.add(elements("repeated", 1, size(3, 0, 3, 3, 0, 0), 1, 3, 2));
    cases.add(elements("last axis, repeated", -1, size(0, 2, 2, 0, -1), 1, 1, 5));
    cases.add(elements("first axis", 0, size(0, 1, 1, 1, 0, 0), 2, 1, 3));
    cases.add(
        new OperatorCase(
            "GatherElements",
            "computed indices",
            (g, x, c) -> {
              Value shape = g.node("Shape", List.of(x.get(0)));
              Value less = g.node("Sub", List.of(shape, g.constant("one", size(2, 4, 2), 3)));
              Value form = g.constant("form", size(1, 1, 3), 3);
              return g.node(
                  "GatherElements",
                  List.of(x.get(0), g.node("Reshape", List.of(less, form))),
                  axis(2));
            },
            size(2, 4, 3)));
  }

  private static OperatorCase tuples(
      String variant, long batch, long[] x, long[] indices, long... sizes) {
    return new OperatorCase(
        "GatherND",
        variant + ", batch_dims " + batch,
        (g, in, c) ->
            g.node(
                "GatherND",
                List.of(in.get(0), g.constant("i", indices, sizes)),
                Attribute.integer("batch_dims", batch)),
        x);
  }

  private static void tuples(List<OperatorCase> cases) {
    long[] x = size(2, 4, 3);
    cases.add(tuples("elements, one twice", 0, x, size(0, 3, 1, 1, -1, 2, 0, 3, 1), 3, 3));
    cases.add(tuples("slices", 0, x, size(0, 3, 1, 1, 0, -1, 0, 3), 2, 2, 2));
    cases.add(tuples("slices, one twice", 0, x, size(1, 0, 1), 3, 1));
    cases.add(tuples("rows", 1, x, size(3, 0, 0, 0, 2, 1), 2, 3, 1));
    cases.add(tuples("elements", 1, x, size(3, 1, 3, 1, 0, 0, 2, 2), 2, 2, 2));
    cases.add(tuples("elements", 2, x, size(0, 1, 2, 2, 2, 0, 0, -1), 2, 4, 1));
    cases.add(tuples("elements", 0, x, size(0, 3, 1), 1, 3).atOpset(21));
  }

  private static OperatorCase scattered(
      String operator, String variant, int opset, long[] indices, long[] sizes, Attribute... a) {
    return new OperatorCase(
            operator,
            variant,
            (g, x, c) ->
                g.node(operator, List.of(x.get(0), g.constant("i", indices, sizes), x.get(1)), a),
            size(4, 3),
            operator.equals("ScatterND") ? slices(sizes) : sizes)
        .ofTheseSizes()
        .atOpset(opset);
  }

  private static long[] slices(long... sizes) {
    long width = sizes[sizes.length - 1];
    long[] whole = Arrays.copyOf(sizes, sizes.length - 1 + (int) (2 - width));
    if (width == 1) {
      whole[sizes.length - 1] = 3;
    }
    return whole;
  }

  private static void scatters(List<OperatorCase> cases) {
    long[] indices = size(3, 0, -3, 0, 3, 2);
    Attribute adds = Attribute.string("reduction", "add");
    for (int opset : new int[] {11, 13, 16, 18, 21}) {
      cases.add(scattered("ScatterElements", "overwriting", opset, indices, size(2, 3), axis(0)));
    }
    for (int opset : new int[] {16, 18, 20}) {
      cases.add(
          scattered(
              "ScatterElements",
              "adding, one twice",
              opset,
              size(3, 0, 1, 3, 0, 2),
              size(2, 3),
              axis(0),
              adds));
    }
    cases.add(scattered("ScatterElements", "last axis", 17, size(2, 0, -2), size(3, 1), axis(-1)));
    cases.add(
        new OperatorCase(
                "Scatter",
                "data varies",
                (g, x, c) ->
                    g.node(
                        "Scatter",
                        List.of(x.get(0), g.constant("i", size(2, 0), 2, 1), c.of(1, 2, 1)),
                        axis(1)),
                size(4, 3))
            .atOpset(9)
            .inFloat());
  }

  private static void scatteredSlices(List<OperatorCase> cases) {
    for (int opset : new int[] {11, 13, 16, 18, 21}) {
      cases.add(scattered("ScatterND", "rows", opset, size(3, -4), size(2, 1)));
      cases.add(scattered("ScatterND", "elements", opset, size(3, 0, 1, 2), size(1, 2, 2)));
    }
    for (int opset : new int[] {16, 18, 20}) {
      Attribute adds = Attribute.string("reduction", "add");
      cases.add(scattered("ScatterND", "adding", opset, size(3, 0, 3), size(3, 1), adds));
      cases.add(scattered("ScatterND", "adding", opset, size(3, 0, 3, 0), size(2, 2), adds));
    }
  }

  private static void choices(List<OperatorCase> cases) {
    for (long smallest = 0; smallest < 2; smallest++) {
      Attribute largest = Attribute.integer("largest", 1 - smallest);
      for (int opset : new int[] {11, 21}) {
        cases.add(
            new OperatorCase(
                    "TopK",
                    "largest " + (1 - smallest),
                    (g, x, c) ->
                        g.nodes(
                                "TopK",
                                List.of(x.get(0), g.constant("k", size(2), 1)),
                                2,
                                axis(1),
                                largest)
                            .get(0),
                    size(2, 5, 3))
                .atOpset(opset));
      }
    }
    cases.add(
        new OperatorCase(
                "TopK",
                "attribute",
                (g, x, c) -> g.nodes("TopK", x, 2, Attribute.integer("k", 2)).get(0),
                size(2, 5))
            .atOpset(9));
    for (int opset : new int[] {9, 11, 21}) {
      cases.add(compressed(opset, axis(1)));
      cases.add(compressed(opset));
    }
  }

  private static OperatorCase compressed(int opset, Attribute... axis) {
    return new OperatorCase(
            "Compress",
            Arrays.toString(axis),
            (g, x, c) -> {
              Value condition =
                  g.node(
                      "Greater",
                      List.of(
                          g.constant("a", new float[] {1, 0, 2, -1}, 4),
                          g.constant("b", new float[] {0.5f}, 1)));
              return g.node("Compress", List.of(x.get(0), condition), axis);
            },
            size(2, 4, 3))
        .atOpset(opset)
        .inFloat();
  }
}
