package io.github.cpsample.onnx.autodiff;

import static io.github.cpsample.onnx.autodiff.OperatorCases.plain;
import static io.github.cpsample.onnx.autodiff.OperatorCases.size;
import static io.github.cpsample.onnx.autodiff.OperatorCases.withIntegers;

import io.github.cpsample.onnx.Attribute;
import io.github.cpsample.onnx.Value;
import java.util.List;

/** Operators that join, part, select and surround. */
final class SelectionCases {

  private static final long END = Long.MAX_VALUE;

  private SelectionCases() {}

  static void addTo(List<OperatorCase> cases) {
    concatenations(cases);
    slices(cases);
    gathers(cases);
  }

  private static void concatenations(List<OperatorCase> cases) {
    cases.add(
        new OperatorCase(
            "Concat",
            "two values, one twice",
            (g, x, c) ->
                g.node(
                    "Concat", List.of(x.get(0), x.get(1), x.get(0)), Attribute.integer("axis", -2)),
            size(2, 3, 4),
            size(2, 1, 4)));
    cases.add(
        plain("Concat", "old opset", List.of(size(2, 3), size(2, 1)), Attribute.integer("axis", 1))
            .atOpset(11));
    cases.add(
        new OperatorCase(
            "Concat",
            "with a constant",
            (g, x, c) ->
                g.node("Concat", List.of(x.get(0), c.of(1, 2, 2)), Attribute.integer("axis", 1)),
            size(2, 3)));
    cases.add(split("one part unused", 17, 1, 2, 1));
    cases.add(split("one part unused", 11, 1, 2, 1));
  }

  private static OperatorCase split(String variant, int opset, long... parts) {
    return new OperatorCase(
            "Split",
            variant,
            (g, x, c) -> {
              Attribute axis = Attribute.integer("axis", 1);
              List<Value> pieces =
                  opset < 13
                      ? g.nodes("Split", x, 3, axis, Attribute.ints("split", parts))
                      : g.nodes("Split", List.of(x.get(0), g.constant("parts", parts, 3)), 3, axis);
              return g.node("Mul", List.of(pieces.get(0), pieces.get(2)));
            },
            size(2, 4))
        .atOpset(opset);
  }

  private static OperatorCase slice(String variant, long[]... arguments) {
    return withIntegers("Slice", variant, size(2, 6, 3), List.of(arguments));
  }

  private static void slices(List<OperatorCase> cases) {
    cases.add(slice("middle", size(0, 1), size(1, 4)));
    cases.add(slice("from the end", size(-3), size(-1), size(1)));
    cases.add(slice("beyond the end", size(-10, 1), size(END, 100), size(1, 2)));
    cases.add(slice("every second", size(1), size(END), size(1), size(2)));
    cases.add(slice("backward", size(-1), size(-END), size(1), size(-1)));
    cases.add(slice("to the end", size(2), size(END), size(1)).atOpset(21));
    cases.add(slice("every second, old opset", size(1), size(END), size(1), size(2)).atOpset(11));
    cases.add(computedSlice(11));
    cases.add(computedSlice(21));
    cases.add(slice("backward, every third", size(4), size(-END), size(1), size(-3)));
    cases.add(
        plain(
                "Slice",
                "old opset",
                List.of(size(2, 6)),
                Attribute.ints("starts", 1),
                Attribute.ints("ends", -1),
                Attribute.ints("axes", 1))
            .atOpset(9));
  }

  /** Ends and steps that depend on a shape. */
  private static OperatorCase computedSlice(int opset) {
    return new OperatorCase(
            "Slice",
            "bounds that the graph computes",
            (g, x, c) -> {
              Value shape = g.node("Shape", List.of(x.get(1)));
              Value less = g.node("Sub", List.of(shape, g.constant("one", size(1, 2), 2)));
              Value one = g.constant("starts", size(1, 1), 2);
              return g.node(
                  "Slice", List.of(x.get(0), one, shape, g.constant("a", size(2, 0), 2), less));
            },
            size(6, 2, 5),
            size(4, 3))
        .atOpset(opset);
  }

  private static OperatorCase gather(String variant, long[] indices, long[] sizes, int axis) {
    return new OperatorCase(
        "Gather",
        variant,
        (g, x, c) ->
            g.node(
                "Gather",
                List.of(x.get(0), g.constant("indices", indices, sizes)),
                Attribute.integer("axis", axis)),
        size(2, 4, 3));
  }

  private static void gathers(List<OperatorCase> cases) {
    cases.add(gather("some, one twice", size(2, 0, 2, -1), size(4), 1));
    cases.add(gather("permutation", size(2, 0, 1), size(3), 2));
    cases.add(gather("one", size(1), size(), 1));
    cases.add(gather("one, old opset", size(1), size(), 1).atOpset(9));
    cases.add(gather("matrix of indices", size(0, 1, 1, 0), size(2, 2), 0));
    cases.add(
        new OperatorCase(
            "Gather",
            "indices that the graph computes",
            (g, x, c) -> {
              Value shape = g.node("Shape", List.of(x.get(0)));
              Value last = g.node("Sub", List.of(shape, g.constant("one", size(2, 4, 3), 3)));
              return g.node("Gather", List.of(x.get(0), last), Attribute.integer("axis", 1));
            },
            size(2, 4, 3)));
  }
}
